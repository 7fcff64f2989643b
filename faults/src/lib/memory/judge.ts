import { fitLine } from "./regression.ts";

/** Memory at a time of the simulation, after a full garbage collection. */
export interface Sample {
  /** Simulated hours since the beginning. */
  readonly hours: number;
  /** The JavaScript heap and the array buffers, MiB. */
  readonly heapMiB: number;
  /** Resident memory of the process, MiB. */
  readonly rssMiB: number;
}

export interface Verdict {
  /** MiB per simulated hour, with its standard error. */
  readonly heapSlope: number;
  readonly heapSlopeError: number;
  /** Resident memory, mean of the last quarter less that of the first, MiB. */
  readonly rssGrowthMiB: number;
  readonly problems: readonly string[];
}

/** MiB per simulated hour. */
const MOST_SLOPE = 0.5;
/** Errors of the slope that a slope within the limit must keep from it. */
const ERRORS = 2;
/** A part of it: resident memory moves with the choice of heap sizes, of the main thread and of the store's. */
const MOST_RSS_GROWTH = 0.1;
/** So many simulated hours those take to settle; in less, resident memory is told and not judged. */
const RSS_HOURS = 6;

/** Judges samples from after the warm-up: the slope must be within its limit with its error, not but for its error. */
export function judge(samples: readonly Sample[]): Verdict {
  const { slope, slopeError } = fitLine(samples.map(({ hours, heapMiB }) => ({ x: hours, y: heapMiB })));
  const quarter = Math.floor(samples.length / 4);
  const rssBefore = meanRss(samples.slice(0, quarter));
  const rssGrowthMiB = meanRss(samples.slice(-quarter)) - rssBefore;
  const problems: string[] = [];
  if (!(slope + ERRORS * slopeError <= MOST_SLOPE)) {
    problems.push(`the heap grows by more than ${MOST_SLOPE} MiB an hour, or that cannot be ruled out`);
  }
  const hours = (samples.at(-1)?.hours ?? 0) - (samples[0]?.hours ?? 0);
  if (hours >= RSS_HOURS && !(rssGrowthMiB <= MOST_RSS_GROWTH * rssBefore)) {
    problems.push(`resident memory grew by more than ${100 * MOST_RSS_GROWTH} % after the warm-up`);
  }
  return { heapSlope: slope, heapSlopeError: slopeError, rssGrowthMiB, problems };
}

function meanRss(samples: readonly Sample[]): number {
  return samples.reduce((sum, { rssMiB }) => sum + rssMiB, 0) / samples.length;
}
