import { fixture } from "./fixtures.ts";
import type { Judges } from "./judges.ts";
import { slipstream } from "./judges.ts";
import { type LabelledScore, scoreLabelledCases } from "./labelled-cases.ts";
import { type RealBlockScore, scoreRealBlock } from "./real-block.ts";
import { type TaskAnswer, threadTask } from "./tasks.ts";
import { runInThreads, type ThreadsOptions } from "./threads.ts";
import { restoreScore, scoreWorld, type WorldScore } from "./world-score.ts";
import type { AccuracyWorld } from "./worlds.ts";

/** Everything that the page of accuracy tells. */
export interface Accuracy {
  /** Undefined: the data are not on this machine. */
  readonly labelled: LabelledScore | undefined;
  readonly block: RealBlockScore | undefined;
  readonly worlds: readonly WorldScore[];
}

export const labelledFile = "destiner_eth.json";
export const blockFile = "slot_285000037.json";
const BLOCK_SLOT = 285_000_037;

export interface MeasureOptions {
  readonly worlds: readonly AccuracyWorld[];
  /** Of the real data. */
  readonly folder: string;
}

/** Measures in this thread, one world after the other. */
export function measureAccuracy({ worlds, folder, judges }: MeasureOptions & { judges: Judges }): Accuracy {
  return { ...measureReal(folder, judges), worlds: worlds.map((world) => scoreWorld(world, judges)) };
}

/**
 * Measures in threads; the same, whatever their number.
 * @throws ThreadTaskError
 */
export async function measureInThreads(
  { worlds, folder }: MeasureOptions,
  threads: Omit<ThreadsOptions, "module">,
): Promise<Accuracy> {
  const real = measureReal(folder, slipstream);
  const tasks = worlds.map((world) => threadTask({ kind: "world", world }));
  const module = new URL("./accuracy.worker.ts", import.meta.url);
  const answers = await runInThreads<TaskAnswer>(tasks, { ...threads, module });
  return { ...real, worlds: answers.map(restoreScore) };
}

function measureReal(folder: string, judges: Judges): Omit<Accuracy, "worlds"> {
  const labelledText = fixture(folder, labelledFile);
  const blockText = fixture(folder, blockFile);
  return {
    labelled:
      labelledText === undefined ? undefined : scoreLabelledCases(labelledText, labelledFile, judges.detect),
    block: blockText === undefined ? undefined : scoreRealBlock(blockText, BLOCK_SLOT, judges),
  };
}
