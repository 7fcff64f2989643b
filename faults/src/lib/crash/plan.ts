import type { Random } from "../random.ts";

/** What is done to the aggregator once so many batches are acknowledged. */
export interface Interruption {
  readonly acknowledged: number;
  /** Waited for beyond that, ms. */
  readonly afterMs: number;
  readonly signal: "SIGKILL" | "SIGTERM";
  /** Kills of the starts that follow, each in parts of the time that a start took; no such kill: it comes up. */
  readonly startKills: readonly number[];
}

export interface CrashPlan {
  /** Event times of hours ago, so that receipt decides nothing; else of now, ticks and all. */
  readonly backlog: boolean;
  readonly batches: number;
  /** In the order they happen. */
  readonly interruptions: readonly Interruption[];
}

export function crashPlan(random: Random): CrashPlan {
  const batches = random.int(60, 140);
  const interruptions = Array.from({ length: random.int(1, 3) }, (): Interruption => {
    const startKills = random.chance(0.35) ? [random.next() * 1.2] : [];
    return {
      acknowledged: random.int(1, batches - 2),
      afterMs: random.next() * random.pick([0, 3, 15]),
      signal: random.chance(0.12) ? "SIGTERM" : "SIGKILL",
      startKills,
    };
  });
  interruptions.sort((a, b) => a.acknowledged - b.acknowledged);
  return { backlog: random.chance(0.7), batches, interruptions };
}
