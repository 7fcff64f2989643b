import { seededRandom } from "@slipstream/stats";
import { median } from "../lib/estimate.ts";
import type { Estimate } from "../lib/result.ts";
import type { Setting } from "./options.ts";
import type { Round } from "./round.ts";

const RESAMPLES = 2_000;
const MIB = 2 ** 20;
const NS_PER_S = 1e9;

/** What is wanted, in percent of a core and MiB. */
const GOALS: Readonly<Record<Setting, { readonly corePercent: number; readonly residentMiB: number }>> = {
  "no sinks": { corePercent: 1.2, residentMiB: 120 },
  "all sinks": { corePercent: 2, residentMiB: 150 },
};

export type Verdict = "met" | "missed" | "unclear";

/** What a thread, or all threads of one name, took. */
export interface ThreadResult {
  readonly name: string;
  readonly corePercent: number;
  readonly runsPerSecond: number;
}

/** What one aggregator took in all rounds. */
export interface SubjectResult {
  readonly build: string;
  readonly setting: Setting;
  readonly corePercent: Estimate;
  readonly machinePercent: Estimate;
  /** How often a second any of its threads began to run. */
  readonly runsPerSecond: number;
  readonly residentMiB: number;
  readonly mostResidentMiB: number;
  /** Those that took most come first. */
  readonly threads: readonly ThreadResult[];
  readonly goals: { readonly core: Verdict; readonly memory: Verdict };
}

/** What one build took divided by what another took of the same rounds. */
export interface Ratio {
  readonly build: string;
  readonly other: string;
  readonly setting: Setting;
  readonly cpu: Estimate;
  readonly residentMiB: Estimate;
}

export function subjectResult(
  build: string,
  setting: Setting,
  rounds: readonly Round[],
  cores: number,
): SubjectResult {
  const core = ratioOfSums(rounds.map((round) => [100 * cpuSeconds(round), round.seconds]));
  const seconds = rounds.reduce((sum, round) => sum + round.seconds, 0);
  const threads = threadsOf(rounds, seconds);
  const resident = rounds.map(({ residentBytes }) => residentBytes / MIB);
  const goal = GOALS[setting];
  return {
    build,
    setting,
    corePercent: core,
    machinePercent: { value: core.value / cores, low: core.low / cores, high: core.high / cores },
    runsPerSecond: threads.reduce((sum, { runsPerSecond }) => sum + runsPerSecond, 0),
    residentMiB: median(resident),
    mostResidentMiB: Math.max(...resident),
    threads,
    goals: {
      core: core.high <= goal.corePercent ? "met" : core.low > goal.corePercent ? "missed" : "unclear",
      memory: Math.max(...resident) <= goal.residentMiB ? "met" : "missed",
    },
  };
}

export function goalOf(setting: Setting): { readonly corePercent: number; readonly residentMiB: number } {
  return GOALS[setting];
}

export function ratioOf(
  setting: Setting,
  ours: { readonly build: string; readonly rounds: readonly Round[] },
  theirs: { readonly build: string; readonly rounds: readonly Round[] },
): Ratio {
  const pairs = (of: (round: Round) => number): [number, number][] =>
    ours.rounds.flatMap((round, at) => {
      const other = theirs.rounds[at];
      return other === undefined ? [] : [[of(round), of(other)] satisfies [number, number]];
    });
  return {
    build: ours.build,
    other: theirs.build,
    setting,
    cpu: ratioOfSums(pairs(cpuSeconds)),
    residentMiB: ratioOfSums(pairs(({ residentBytes }) => residentBytes)),
  };
}

/**
 * The sum of the first numbers divided by that of the second, with its 95 % percentile-bootstrap interval over the pairs. Not the
 * median of the rounds: what happens once a minute, as a checkpoint does, is in few of them, and is paid all the same. Seeded: the
 * same pairs give the same interval.
 */
export function ratioOfSums(pairs: readonly (readonly [number, number])[]): Estimate {
  const random = seededRandom(pairs.length);
  const resampled = new Float64Array(RESAMPLES);
  for (let i = 0; i < RESAMPLES; i += 1) {
    let above = 0;
    let below = 0;
    for (let j = 0; j < pairs.length; j += 1) {
      const [a, b] = pairs[Math.floor(random() * pairs.length)] ?? [Number.NaN, Number.NaN];
      above += a;
      below += b;
    }
    resampled[i] = above / below;
  }
  resampled.sort();
  const sum = (at: 0 | 1): number => pairs.reduce((total, pair) => total + pair[at], 0);
  return {
    value: sum(0) / sum(1),
    low: resampled[Math.floor(0.025 * RESAMPLES)] ?? Number.NaN,
    high: resampled[Math.ceil(0.975 * RESAMPLES) - 1] ?? Number.NaN,
  };
}

function cpuSeconds({ threads }: Round): number {
  return threads.reduce((sum, { cpuNs }) => sum + cpuNs, 0) / NS_PER_S;
}

function threadsOf(rounds: readonly Round[], seconds: number): readonly ThreadResult[] {
  const sums = new Map<string, { cpuNs: number; runs: number }>();
  for (const { name, cpuNs, runs } of rounds.flatMap(({ threads }) => threads)) {
    const sum = sums.get(name) ?? { cpuNs: 0, runs: 0 };
    sums.set(name, { cpuNs: sum.cpuNs + cpuNs, runs: sum.runs + runs });
  }
  return [...sums]
    .map(([name, { cpuNs, runs }]) => ({
      name,
      corePercent: (100 * cpuNs) / NS_PER_S / seconds,
      runsPerSecond: runs / seconds,
    }))
    .toSorted((a, b) => b.corePercent - a.corePercent);
}
