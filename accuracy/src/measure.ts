import { readFixture } from "@slipstream/testing/fixtures";
import { type ChainScore, restoreChainScore, scoreChain } from "./chain/chain-score.ts";
import type { ChainWorld } from "./chain/chain-worlds.ts";
import { type RunOutcomes, type StudyWorld, studyWorld } from "./honesty/study.ts";
import { type Judges, slipstream } from "./judges.ts";
import { type LabelledScore, scoreLabelledCases } from "./real/labelled-cases.ts";
import { type RealBlockScore, scoreRealBlock } from "./real/real-block.ts";
import { restoreScore, scoreWorld, type WorldScore } from "./scores/world-score.ts";
import { type Task, type TaskAnswer, threadTask } from "./tasks.ts";
import { runInThreads, type ThreadsOptions } from "./threads/threads.ts";
import type { AccuracyWorld } from "./worlds.ts";

/** Everything that the page of accuracy tells. */
export interface Accuracy {
  /** Undefined: the data are not on this machine. */
  readonly labelled: LabelledScore | undefined;
  readonly block: RealBlockScore | undefined;
  readonly worlds: readonly WorldScore[];
  /** Worlds that were read from their blocks. */
  readonly chains: readonly ChainScore[];
  /** Of the study of intervals. */
  readonly runs: readonly RunOutcomes[];
}

export const labelledFile = "destiner_eth.json";
export const blockFile = "slot_285000037.json";
const BLOCK_SLOT = 285_000_037;

export interface MeasureOptions {
  readonly worlds: readonly AccuracyWorld[];
  readonly chains: readonly ChainWorld[];
  readonly studies: readonly StudyWorld[];
  /** Of the real data. */
  readonly folder: string;
}

/** Measures in this thread, one world after the other. */
export function measureAccuracy(given: MeasureOptions & { readonly judges: Judges }): Accuracy {
  const { worlds, chains, studies, folder, judges } = given;
  return {
    ...measureReal(folder, judges),
    worlds: worlds.map((world) => scoreWorld(world, judges)),
    chains: chains.map((world) => scoreChain(world, judges)),
    runs: studies.flatMap((study) => studyWorld(study, judges, judges.tell)),
  };
}

/**
 * Measures in threads; the same, whatever their number.
 * @throws Error if a thread fails
 */
export async function measureInThreads(
  { worlds, chains, studies, folder }: MeasureOptions,
  threads: Omit<ThreadsOptions, "module">,
): Promise<Accuracy> {
  const real = measureReal(folder, slipstream);
  const tasks: Task[] = [
    ...worlds.map((world) => ({ kind: "world", world }) as const),
    ...chains.map((world) => ({ kind: "chain", world }) as const),
    ...studies.map((study) => ({ kind: "study", ...study }) as const),
  ];
  const module = new URL("./accuracy.worker.ts", import.meta.url);
  const answers = await runInThreads<TaskAnswer>(tasks.map(threadTask), { ...threads, module });
  return {
    ...real,
    worlds: answers.flatMap((answer) => ("score" in answer ? restoreScore(answer.score) : [])),
    chains: answers.flatMap((answer) => ("chain" in answer ? restoreChainScore(answer.chain) : [])),
    runs: answers.flatMap((answer) => ("runs" in answer ? answer.runs : [])),
  };
}

function measureReal(folder: string, judges: Judges): Omit<Accuracy, "worlds" | "chains" | "runs"> {
  const labelledText = readFixture(labelledFile, folder);
  const blockText = readFixture(blockFile, folder);
  return {
    labelled:
      labelledText === undefined ? undefined : scoreLabelledCases(labelledText, labelledFile, judges.detect),
    block: blockText === undefined ? undefined : scoreRealBlock(blockText, BLOCK_SLOT, judges),
  };
}
