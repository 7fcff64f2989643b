import { Worker } from "node:worker_threads";

export interface ThreadOptions {
  /** The thread's module without its extension, relative to `from`: "./log.worker". */
  readonly module: string;
  /** `import.meta.url` of the module that starts it. */
  readonly from: string;
  /** Shown by tools that list threads. */
  readonly name: string;
  /**
   * Largest size of the heap's young generation, MiB. Garbage fills it before V8 looks for any, so a thread that has little to do
   * takes that much all the same. A `--max-semi-space-size` that Node was started with wins over it.
   */
  readonly youngGenerationMb: number;
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
    resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    ...(typescript ? { execArgv: ["--conditions=slipstream-source"] } : {}),
  });
}
