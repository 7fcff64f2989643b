import type { Estimate } from "@slipstream/mev";

/** What an interval was worth: it held the truth, or the truth lay below or above it. `none`: no interval was told. */
export type Outcome = "held" | "below" | "above" | "none";

/** @param truth null: there is none, as of a mean of no losses. An end that is open holds everything on its side. */
export function outcomeOf({ value, interval }: Estimate, truth: number | null): Outcome {
  const { low = null, high = null } = interval ?? {};
  if (value === null || (low === null && high === null) || truth === null) return "none";
  const slack = 1e-9 * Math.abs(truth);
  if (low !== null && truth < low - slack) return "below";
  if (high !== null && truth > high + slack) return "above";
  return "held";
}
