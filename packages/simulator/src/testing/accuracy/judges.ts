import { detectSandwiches, FeeAdviser, type FeeTrial, VerdictTracker } from "@slipstream/mev";
import type { Detector } from "../mev-world/score.ts";
import type { Tracker } from "../mev-world/verdicts.ts";

/** What is measured. Tests give others, to see that the numbers follow. */
export interface Judges {
  readonly detect: Detector;
  readonly openTracker: () => Tracker;
  readonly learn: (trials: readonly FeeTrial[]) => Pick<FeeAdviser, "advise">;
}

export const slipstream: Judges = {
  detect: detectSandwiches,
  openTracker: () => new VerdictTracker({ maxTrades: 1_000_000, keepSlots: 256 }),
  learn: (trials) => new FeeAdviser(trials),
};
