import { parentPort, workerData } from "node:worker_threads";
import { seededRandom } from "@slipstream/stats";
import type { FuzzTarget } from "../fuzz-target.ts";
import { Coverage } from "./coverage.ts";
import { type FuzzLimits, fuzz } from "./fuzzer.ts";

/** What the thread is given. */
export interface FuzzJob {
  readonly file: string;
  readonly seed: number;
  readonly limits: FuzzLimits;
  readonly watchesCoverage: boolean;
  readonly corpus: readonly Uint8Array[];
  /** Length of the input that is run, then the input: who watches can tell what the thread hangs or dies at. */
  readonly current: SharedArrayBuffer;
}

const isUnderTest = (url: string): boolean =>
  url.includes("/packages/") && !/node_modules|\/testing\//.test(url);

const job = workerData as FuzzJob;
const { target } = (await import(job.file)) as { target: FuzzTarget };
const view = new DataView(job.current);
const bytes = new Uint8Array(job.current, 4);
const result = await fuzz(
  {
    target,
    corpus: job.corpus,
    random: seededRandom(job.seed),
    coverage: job.watchesCoverage ? new Coverage(isUnderTest) : undefined,
    before: (input) => {
      view.setUint32(0, input.length);
      bytes.set(input);
    },
    progress: (executions) => parentPort?.postMessage({ executions }),
  },
  job.limits,
);
parentPort?.postMessage(result);
