/** Days of a world that is studied: the first, from which a tracker learns who attacks, is no run. */
export const LEARNED_DAYS = 1;
/** Days after the runs of which only the truth is taken, for what the long run is. */
const TRUTH_DAYS = 20;

/** @param runs Days that are runs. */
export function daysOf(runs: number): number {
  return LEARNED_DAYS + runs + TRUTH_DAYS;
}
