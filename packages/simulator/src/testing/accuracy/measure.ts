import { fixture } from "./fixtures.ts";
import type { Judges } from "./judges.ts";
import { type LabelledScore, scoreLabelledCases } from "./labelled-cases.ts";
import { type RealBlockScore, scoreRealBlock } from "./real-block.ts";
import { scoreWorld, type WorldScore } from "./world-score.ts";
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
  readonly judges: Judges;
  /** Called with what is done next, and once at the end. */
  readonly progress?: (what: string, done: number, all: number) => void;
}

/** Steps of a world: sandwiches, verdicts, fee advice. */
const STEPS = 3;

export function measureAccuracy({ worlds, folder, judges, progress }: MeasureOptions): Accuracy {
  const all = 2 + STEPS * worlds.length;
  let done = 0;
  const step = (what: string): void => progress?.(what, done++, all);
  step(labelledFile);
  const labelledText = fixture(folder, labelledFile);
  const labelled =
    labelledText === undefined ? undefined : scoreLabelledCases(labelledText, labelledFile, judges.detect);
  step(blockFile);
  const blockText = fixture(folder, blockFile);
  const block = blockText === undefined ? undefined : scoreRealBlock(blockText, BLOCK_SLOT, judges);
  const scores = worlds.map((world) =>
    scoreWorld(world, judges, (what) => step(`world of seed ${world.options.seed}: ${what}`)),
  );
  step("");
  return { labelled, block, worlds: scores };
}
