import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readReceived, readServed } from "../aggregator/read.ts";
import { Load } from "../load/load.ts";
import { Random } from "../random.ts";
import { Sender } from "../sender.ts";
import { settings } from "../uninterrupted.ts";
import { type CrashPlan, crashPlan } from "./plan.ts";
import { Supervisor } from "./supervisor.ts";
import { distinctSpans, verify } from "./verify.ts";

export interface RoundResult {
  readonly seed: number;
  readonly backlog: boolean;
  readonly spans: number;
  readonly starts: number;
  /** Requests that were sent once more, planned or for want of an answer. */
  readonly repeated: number;
  /** What was wrong; empty where nothing was. */
  readonly problems: readonly string[];
}

const HOUR_MS = 3_600_000;
/** Event time between two batches of a backlog. */
const STEP_MS = 10_000;

/** One round: the aggregator is interrupted under load as the seed says; what it counted is compared. */
export async function crashRound(seed: number, folder: string): Promise<RoundResult> {
  const random = new Random(seed);
  const plan = crashPlan(random);
  const startMs = Date.now();
  const load = new Load({
    seed: random.int(1, 2 ** 31),
    batches: plan.batches,
    timeMs: (index) => (plan.backlog ? startMs - 6 * HOUR_MS + index * STEP_MS : Date.now() - 1_000),
    profitOutsideWindows: !plan.backlog,
  });
  const data = join(folder, "data");
  mkdirSync(folder, { recursive: true });
  const supervisor = new Supervisor({ data, env: settings });
  const problems: string[] = [];
  try {
    const sender = await interruptedLoad({ plan, load, random, supervisor, problems });
    const served = await readServed(await supervisor.url());
    await supervisor.end("SIGTERM");
    problems.push(...(await verify({ data, load, served, backlog: plan.backlog })));
    return {
      seed,
      backlog: plan.backlog,
      spans: distinctSpans(load.made).size,
      starts: supervisor.starts,
      repeated: sender.attempts - plan.batches,
      problems,
    };
  } catch (error) {
    // What is left of it must not outlive the test.
    await supervisor.end("SIGKILL").catch(() => {});
    throw error;
  }
}

/** Sends the load while the interruptions take place. */
async function interruptedLoad(parts: {
  readonly plan: CrashPlan;
  readonly load: Load;
  readonly random: Random;
  readonly supervisor: Supervisor;
  readonly problems: string[];
}): Promise<Sender> {
  const { plan, load, random, supervisor, problems } = parts;
  const again = new Set(
    Array.from({ length: plan.batches }, (_, index) => index).filter(() => random.chance(0.1)),
  );
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const sender = new Sender({
    batches: plan.batches,
    batch: (index) => load.batch(index),
    first: load.first,
    url: () => supervisor.url(),
    repeat: (index) => again.has(index),
    onAcknowledged: (count) => {
      for (const each of waiting) if (count >= each.count) each.resolve();
    },
  });
  const reached = (count: number): Promise<void> =>
    new Promise((resolve) => {
      if (sender.acknowledged.size >= count) resolve();
      else waiting.push({ count, resolve });
    });
  const interruptions = async (): Promise<void> => {
    for (const interruption of plan.interruptions) {
      await reached(interruption.acknowledged);
      await sleep(interruption.afterMs);
      const acknowledged = [...sender.acknowledged].map((index) => load.batch(index));
      await supervisor.interrupt(interruption);
      problems.push(...(await missing(await supervisor.url(), acknowledged, load)));
    }
  };
  await Promise.all([sender.run(), interruptions()]);
  return sender;
}

/** What a restarted aggregator should have and does not, and has and should not. */
async function missing(
  url: string,
  acknowledged: readonly Load["made"][number][],
  load: Load,
): Promise<readonly string[]> {
  const received = await readReceived(url);
  const [least, most] = [byService(distinctSpans(acknowledged)), byService(distinctSpans(load.made))];
  return Object.entries(most).flatMap(([service, made]) => {
    const [has = 0, must = 0] = [received[service], least[service]];
    if (has < must) return [`after a restart ${service} has ${has} spans of ${must} that were acknowledged`];
    return has > made ? [`after a restart ${service} has ${has} spans, and only ${made} were made`] : [];
  });
}

function byService(spans: ReadonlySet<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const span of spans) {
    const service = span.slice(0, span.indexOf(" "));
    counts[service] = (counts[service] ?? 0) + 1;
  }
  return counts;
}
