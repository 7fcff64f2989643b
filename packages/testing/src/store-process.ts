import { rmSync } from "node:fs";
import { type RealProcess, untilServing } from "./real-process.ts";

/** The process of a data store, for tests of what happens when it does not answer, dies and comes back. */
export interface StoreProcess {
  /** Stops it from running without ending it: connections stay open and nothing is answered. */
  pause(): void;
  resume(): void;
  /** Kills it at once. What was not saved is lost. */
  kill(): Promise<void>;
  /** Starts it again, or for the first time, on the same ports and with the same files. */
  restart(): Promise<void>;
  /** Ends it and removes its files. */
  close(): Promise<void>;
  output(): string;
}

export interface StoreProcessOptions {
  readonly name: string;
  /** With its files. */
  readonly directory: string;
  readonly start: () => RealProcess;
  /** As in `untilServing`. */
  readonly serves: () => Promise<boolean>;
  /** How long it may take until it serves, in milliseconds. */
  readonly deadlineMs?: number;
}

/** Starts nothing before `restart`. */
export function storeProcess(options: StoreProcessOptions): StoreProcess {
  const { name, directory, start, serves, deadlineMs } = options;
  let process: RealProcess | undefined;
  return {
    pause: () => process?.signal("SIGSTOP"),
    resume: () => process?.signal("SIGCONT"),
    kill: async () => process?.kill(),
    restart: async () => {
      await process?.kill();
      process = start();
      await untilServing(name, process, serves, deadlineMs);
    },
    close: async () => {
      await process?.kill();
      rmSync(directory, { recursive: true, force: true });
    },
    output: () => process?.output() ?? "",
  };
}
