import type { Worker } from "node:worker_threads";
import { eventually } from "./eventually.ts";

/** The threads that this process starts, for tests that end them. */
export interface WatchedThreads {
  /** The threads of a name that were started so far, oldest first. */
  named(name: string): readonly Worker[];
  /** Ends the newest thread of a name, as a crash would, and waits for its end. */
  kill(name: string): Promise<void>;
  /** Stop watching. */
  stop(): void;
}

/** Threads that start from here on. Node announces each of them. */
export function watchThreads(): WatchedThreads {
  const started: { readonly name: string; readonly worker: Worker }[] = [];
  const add = (worker: Worker): void => void started.push({ name: worker.threadName ?? "", worker });
  process.on("worker", add);
  const named = (name: string): readonly Worker[] =>
    started.flatMap((thread) => (thread.name === name ? [thread.worker] : []));
  return {
    named,
    async kill(name) {
      const worker = await eventually(`the thread ${name} runs`, () => named(name).at(-1));
      await worker.terminate();
    },
    stop: () => void process.off("worker", add),
  };
}
