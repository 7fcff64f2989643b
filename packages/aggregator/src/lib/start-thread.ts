import { Worker } from "node:worker_threads";

export interface ThreadOptions {
  /** The thread's module without its ending, as seen from `from`: "./log.worker". */
  readonly module: string;
  /** `import.meta.url` of the module that starts it. */
  readonly from: string;
  /** Shown by tools that list threads. */
  readonly name: string;
  readonly workerData: unknown;
  /**
   * How much of its heap is for what is new, MiB. By default V8 lets it grow with the memory of the machine: a thread that is handed
   * megabytes now and then kept 150 MiB of garbage.
   */
  readonly youngGenerationMb?: number | undefined;
}

/** Starts a thread: from the TypeScript source where this runs from it, else from what was built. */
export function startThread({ module, from, name, workerData, youngGenerationMb }: ThreadOptions): Worker {
  const typescript = from.endsWith(".ts");
  return new Worker(new URL(`${module}.${typescript ? "ts" : "js"}`, from), {
    workerData,
    name,
    ...(youngGenerationMb === undefined
      ? {}
      : { resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb } }),
    ...(typescript ? { execArgv: ["--conditions=slipstream-source"] } : {}),
  });
}
