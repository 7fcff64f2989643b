import { performance } from "node:perf_hooks";
import type { FuzzTarget } from "../fuzz-target.ts";
import type { Coverage } from "./coverage.ts";
import { Mutator } from "./mutate.ts";

/** An input may keep the thread busy for so long, ms of its CPU. */
export const MAX_CPU_MS = 50;
/** Inputs between two looks at what was executed. */
const BATCH = 512;
/** Inputs between two signs of life. */
const ALIVE_EVERY = 64;
/** What else runs on the machine can take the time of one run; hardly that of several. */
const REPEATS = 5;

export interface FuzzLimits {
  readonly executions: number;
  readonly seconds: number;
}

export interface Finding {
  readonly reason: string;
  readonly input: Uint8Array;
}

export interface FuzzResult {
  readonly executions: number;
  readonly finding: Finding | undefined;
  /** Inputs that executed something new, in the order in which they were found. */
  readonly kept: readonly Uint8Array[];
}

export interface FuzzParts {
  readonly target: FuzzTarget;
  readonly corpus: readonly Uint8Array[];
  readonly random: () => number;
  /** To find out which inputs execute something new; those join the corpus. It makes everything some ten times as slow. */
  readonly coverage?: Pick<Coverage, "take"> | undefined;
  /** Called with each input before it is run. */
  readonly before?: (input: Uint8Array) => void;
  /** Called now and then. */
  readonly progress?: (executions: number) => void;
}

/**
 * Gives a target inputs that come of the corpus, until one is found that it fails at, or a limit is reached. An input that
 * makes the target execute something new joins the corpus if `coverage` is watched.
 */
export async function fuzz(parts: FuzzParts, limits: FuzzLimits): Promise<FuzzResult> {
  const { target, random, coverage, before, progress } = parts;
  const mutator = new Mutator(random, target.tokens);
  const endMs = performance.now() + limits.seconds * 1_000;
  const corpus: Uint8Array[] = [...target.seeds(), ...parts.corpus];
  const kept: Uint8Array[] = [];
  const seen = new Set<string>();
  let executions = 0;

  const run = async (input: Uint8Array): Promise<Finding | undefined> => {
    before?.(input);
    executions++;
    const reason = await failure(target, input);
    if (executions % ALIVE_EVERY === 0) progress?.(executions);
    return reason === undefined ? undefined : { reason, input };
  };
  /** What was executed since it was last asked, and never before. */
  const fresh = (): string[] => [...(coverage?.take() ?? [])].filter((block) => !seen.has(block));

  /** Which of them execute something new shows when they are run once more, by halves. */
  const newAmong = async (inputs: readonly Uint8Array[]): Promise<readonly Uint8Array[]> => {
    for (const [number, input] of inputs.entries()) {
      await target.run(input);
      if (number % ALIVE_EVERY === 0) progress?.(executions);
    }
    const blocks = fresh();
    if (blocks.length === 0) return [];
    if (inputs.length === 1) {
      for (const block of blocks) seen.add(block);
      return inputs;
    }
    const half = inputs.length >> 1;
    return [...(await newAmong(inputs.slice(0, half))), ...(await newAmong(inputs.slice(half)))];
  };

  for (const input of corpus) {
    const finding = await run(input);
    if (finding !== undefined) return { executions, finding, kept };
  }
  if (coverage !== undefined) kept.push(...(await newAmong(corpus)));
  while (executions < limits.executions && performance.now() < endMs) {
    const inputs = Array.from({ length: BATCH }, () => mutator.next(corpus));
    for (const input of inputs) {
      const finding = await run(input);
      if (finding !== undefined) return { executions, finding, kept };
    }
    if (fresh().length === 0) continue;
    for (const input of await newAmong(inputs)) {
      corpus.push(input);
      kept.push(input);
    }
  }
  return { executions, finding: undefined, kept };
}

async function failure(target: FuzzTarget, input: Uint8Array): Promise<string | undefined> {
  let least = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < REPEATS && least > MAX_CPU_MS; repeat++) {
    const { user, system } = process.threadCpuUsage();
    try {
      await target.run(input);
    } catch (error) {
      return error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    const after = process.threadCpuUsage();
    least = Math.min(least, (after.user + after.system - user - system) / 1_000);
  }
  return least > MAX_CPU_MS ? `It takes ${Math.round(least)} ms of CPU, more than ${MAX_CPU_MS}.` : undefined;
}
