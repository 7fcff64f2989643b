import { medianWithInterval } from "../lib/estimate.ts";
import type { Estimate } from "../lib/result.ts";
import type { Round } from "./round.ts";

const MILLION = 1e6;
const MIB = 2 ** 20;

/** What one receiver did, as medians over the rounds. */
export interface SubjectResult {
  readonly name: string;
  readonly spansPerSecond: Estimate;
  /** User and system time of all threads. */
  readonly cpuSecondsPerMillionSpans: Estimate;
  readonly residentMiB: Estimate;
  readonly acknowledgedP50Ms: Estimate;
  readonly acknowledgedP99Ms: Estimate;
  /** Of the main thread; undefined for what has no event loop. */
  readonly loopDelayP99Ms?: Estimate;
  /** Share of a core that the sender took: near 1 it was the bottleneck. */
  readonly senderCore: Estimate;
  readonly spans: number;
  /** Requests that were turned away and sent again. */
  readonly retries: number;
}

/** Ours divided by theirs, of the same round. */
export interface Ratio {
  readonly theirs: string;
  readonly spansPerSecond: Estimate;
  /** By CPU time: what it would be if neither ever waited. */
  readonly spansPerCpuSecond: Estimate;
  readonly goal?: { readonly atLeast: number; readonly verdict: "met" | "missed" | "unclear" };
}

export function subjectResult(name: string, rounds: readonly Round[]): SubjectResult {
  const estimate = (of: (round: Round) => number): Estimate => medianWithInterval(rounds.map(of));
  const sum = (of: (round: Round) => number): number => rounds.reduce((total, round) => total + of(round), 0);
  const delayed = rounds.every(({ loopDelay }) => loopDelay !== undefined);
  return {
    name,
    spansPerSecond: estimate(spansPerSecond),
    cpuSecondsPerMillionSpans: estimate((round) => MILLION / spansPerCpuSecond(round)),
    residentMiB: estimate(({ residentBytes }) => residentBytes / MIB),
    acknowledgedP50Ms: estimate(({ sent }) => sent.latencyMs.p50),
    acknowledgedP99Ms: estimate(({ sent }) => sent.latencyMs.p99),
    ...(delayed ? { loopDelayP99Ms: estimate(({ loopDelay }) => loopDelay?.p99 ?? Number.NaN) } : {}),
    senderCore: estimate(({ sent }) => sent.cpuSeconds / sent.seconds),
    spans: sum(({ sent }) => sent.spans),
    retries: sum(({ sent }) => sent.retries),
  };
}

export function ratioOf(
  ours: readonly Round[],
  theirs: readonly Round[],
  name: string,
  atLeast: number | undefined,
): Ratio {
  const ratio = (of: (round: Round) => number): Estimate =>
    medianWithInterval(ours.map((round, i) => of(round) / of(theirs[i] ?? round)));
  const bySecond = ratio(spansPerSecond);
  return {
    theirs: name,
    spansPerSecond: bySecond,
    spansPerCpuSecond: ratio(spansPerCpuSecond),
    ...(atLeast === undefined ? {} : { goal: { atLeast, verdict: verdict(bySecond, atLeast) } }),
  };
}

function spansPerSecond({ sent }: Round): number {
  return sent.spans / sent.seconds;
}

function spansPerCpuSecond({ sent, cpuSeconds }: Round): number {
  return sent.spans / cpuSeconds;
}

function verdict({ low, high }: Estimate, atLeast: number): NonNullable<Ratio["goal"]>["verdict"] {
  if (low >= atLeast) return "met";
  return high < atLeast ? "missed" : "unclear";
}
