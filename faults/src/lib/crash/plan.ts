import type { Random } from "@slipstream/testing/random";

/** What is done to the aggregator once so many batches are acknowledged. */
export interface Interruption {
  readonly acknowledged: number;
  /** Waited for beyond that, ms. */
  readonly afterMs: number;
  readonly signal: "SIGKILL" | "SIGTERM";
  /** Kills of the starts that follow, each in parts of the time that a start took; no such kill: it comes up. */
  readonly startKills: readonly number[];
  /** Settings that the aggregator has from the next start on. */
  readonly changes: Readonly<Record<string, string>>;
}

export interface CrashPlan {
  /** Event times of hours ago, so that receipt decides nothing; else of now, ticks and all. */
  readonly backlog: boolean;
  readonly batches: number;
  /** The first so many of them come late, as a backlog after an outage, and the others live. 0 in a backlog of hours ago. */
  readonly heldBack: number;
  /** Between two requests of one of the sender's connections, ms: alerts need some seconds to come and go. */
  readonly pauseMs: number;
  /** Settings of the aggregator: how often it writes a checkpoint, how long a segment of its log is and is kept. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether a second desk sends to the aggregator. */
  readonly hasOtherDesk: boolean;
  /** In the order they happen. */
  readonly interruptions: readonly Interruption[];
}

export function crashPlan(random: Random): CrashPlan {
  const batches = random.int(60, 140);
  const backlog = random.chance(0.5);
  const heldBack = !backlog && random.chance(0.6) ? random.int(30, Math.floor(batches / 1.5)) : 0;
  const interruptions = Array.from({ length: random.int(1, 3) }, (): Interruption => {
    const startKills = random.chance(0.35) ? [random.next() * 1.2] : [];
    return {
      acknowledged: random.int(1, batches - 2),
      afterMs: random.next() * random.pick([0, 3, 15]),
      signal: random.chance(0.12) ? "SIGTERM" : "SIGKILL",
      startKills,
      // What was published before such a change depends on when that was, so a backlog has none.
      changes:
        !backlog && random.chance(0.3) ? { SLIPSTREAM_RATE_WINDOW_SECONDS: random.pick(["30", "120"]) } : {},
    };
  });
  interruptions.sort((a, b) => a.acknowledged - b.acknowledged);
  // A second: what a checkpoint holds is soon dropped from the log.
  const forgetful = random.chance(0.25);
  const env = {
    SLIPSTREAM_CHECKPOINT_ITEMS: String(random.pick(forgetful ? [50, 500] : [1, 50, 500, 300_000])),
    SLIPSTREAM_LOG_SEGMENT_BYTES: String(random.pick(forgetful ? [65_536] : [65_536, 262_144, 134_217_728])),
    ...(forgetful ? { SLIPSTREAM_LOG_KEEP_HOURS: String(1 / 3_600) } : {}),
  };
  return {
    backlog,
    batches,
    heldBack,
    pauseMs: backlog ? 0 : 400,
    env,
    hasOtherDesk: random.chance(0.6),
    interruptions,
  };
}
