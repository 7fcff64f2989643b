import { detectSandwiches, FeeAdviser, type FeeTrial, VerdictTracker } from "@slipstream/mev";
import { type Teller, tellStatistics } from "./honesty/statistics.ts";
import type { Detector } from "./mev-world/score.ts";
import type { Tracker } from "./mev-world/verdicts.ts";

/** What is measured. Tests give others, to see that the numbers follow. */
export interface Judges {
  readonly detect: Detector;
  readonly openTracker: () => Tracker;
  /** Statistics with their intervals. */
  readonly tell: Teller;
  readonly learn: (trials: readonly FeeTrial[]) => Pick<FeeAdviser, "advise">;
}

export const slipstream: Judges = {
  detect: detectSandwiches,
  openTracker: () => new VerdictTracker({ maxTrades: 1_000_000, keepSlots: 256 }),
  tell: tellStatistics,
  learn: (trials) => new FeeAdviser(trials),
};
