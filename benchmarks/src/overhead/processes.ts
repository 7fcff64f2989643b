import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Done, Order, ReceiverReport, TraderKind } from "./messages.ts";

export interface Trader {
  run(order: Order): Promise<Done>;
  close(): Promise<void>;
}

export interface ReceiverProcess {
  readonly url: string;
  report(): Promise<ReceiverReport>;
  close(): Promise<void>;
}

/** A trading service in a process of its own. */
export async function startTrader(kind: TraderKind, otlpUrl: string): Promise<Trader> {
  const child = fork(new URL("./trader.main.ts", import.meta.url), [kind, otlpUrl]);
  await next(child);
  return {
    run: (order) => ask<Done>(child, order),
    close: () => closed(child),
  };
}

/** The OTLP receiver in a process of its own. */
export async function startReceiverProcess(): Promise<ReceiverProcess> {
  const child = fork(new URL("./receiver.main.ts", import.meta.url));
  const { url } = (await next(child)) as ReceiverReport;
  return {
    url,
    report: () => ask<ReceiverReport>(child, {}),
    close: () => closed(child),
  };
}

function ask<T>(child: ChildProcess, question: object): Promise<T> {
  const answer = next(child) as Promise<T>;
  child.send(question);
  return answer;
}

/** The child's next message. Rejects where it ends instead. */
async function next(child: ChildProcess): Promise<unknown> {
  const aborter = new AbortController();
  const { signal } = aborter;
  const exited = once(child, "exit", { signal }).then(([code]) => {
    throw new Error(`a child process ended before it answered, with code ${code}`);
  });
  exited.catch(() => {}); // aborted once the answer is there
  try {
    const message = once(child, "message", { signal }).then(([first]) => first as unknown);
    message.catch(() => {});
    return await Promise.race([message, exited]);
  } finally {
    aborter.abort();
  }
}

/** Lets the child end by itself; it does when it is disconnected. */
async function closed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, "exit");
  child.disconnect();
  await exited;
}
