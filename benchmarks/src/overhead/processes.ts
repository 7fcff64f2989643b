import { fork } from "node:child_process";
import { ask, closed, nextMessage } from "../lib/child.ts";
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
  await nextMessage(child);
  return {
    run: (order) => ask<Done>(child, order),
    close: () => closed(child),
  };
}

/** The OTLP receiver in a process of its own. */
export async function startReceiverProcess(): Promise<ReceiverProcess> {
  const child = fork(new URL("./receiver.main.ts", import.meta.url));
  const { url } = (await nextMessage(child)) as ReceiverReport;
  return {
    url,
    report: () => ask<ReceiverReport>(child, {}),
    close: () => closed(child),
  };
}
