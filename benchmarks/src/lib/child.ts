import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Sends a question to a child and gives its next message. Rejects where it ends instead. */
export function ask<T>(child: ChildProcess, question: object): Promise<T> {
  const answer = nextMessage(child) as Promise<T>;
  child.send(question);
  return answer;
}

/** The child's next message. Rejects where it ends instead. */
export async function nextMessage(child: ChildProcess): Promise<unknown> {
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
export async function closed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, "exit");
  child.disconnect();
  await exited;
}
