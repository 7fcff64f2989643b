import { Worker } from "node:worker_threads";

export interface ThreadOptions {
  /** The thread's module without its extension, relative to `from`: "./log.worker". */
  readonly module: string;
  /** `import.meta.url` of the module that starts it. */
  readonly from: string;
  /** Shown by tools that list threads. */
  readonly name: string;
  /**
   * Size of the heap's young generation, MiB. Unset, V8 lets it grow with the machine's memory: a thread that is handed a
   * few megabytes now and then kept 150 MiB of garbage.
   */
  readonly youngGenerationMb?: number | undefined;
}

/** Starts a thread from its TypeScript source if this code runs from source, else from the build. */
export function startThread(
  { module, from, name, youngGenerationMb }: ThreadOptions,
  workerData: unknown,
): Worker {
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
