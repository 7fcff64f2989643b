import { Worker } from "node:worker_threads";

export interface ThreadOptions {
  /** The thread's module without its ending, as seen from `from`: "./log.worker". */
  readonly module: string;
  /** `import.meta.url` of the module that starts it. */
  readonly from: string;
  /** Shown by tools that list threads. */
  readonly name: string;
  readonly workerData: unknown;
}

/** Starts a thread: from the TypeScript source where this runs from it, else from what was built. */
export function startThread({ module, from, name, workerData }: ThreadOptions): Worker {
  const typescript = from.endsWith(".ts");
  return new Worker(new URL(`${module}.${typescript ? "ts" : "js"}`, from), {
    workerData,
    name,
    ...(typescript ? { execArgv: ["--conditions=slipstream-source"] } : {}),
  });
}
