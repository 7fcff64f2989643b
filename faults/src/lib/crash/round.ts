import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "@slipstream/testing/random";
import { builtBin } from "../aggregator/process.ts";
import { readOtherDesks, readReceived, readServed } from "../aggregator/read.ts";
import { readStoredLog } from "../aggregator/stored-log.ts";
import { channelNames } from "../alerts/alert-config.ts";
import { AlertSide } from "../alerts/alert-side.ts";
import { lostCommands } from "../alerts/commands.ts";
import type { Received, Receiver } from "../alerts/receiver.ts";
import { ChainSide } from "../chain/chain-side.ts";
import type { Load } from "../load/load.ts";
import { backlogLoad, liveLoad } from "../load/loads.ts";
import { Sender } from "../sender.ts";
import { settings } from "../uninterrupted.ts";
import { type CrashPlan, crashPlan } from "./plan.ts";
import { Supervisor } from "./supervisor.ts";
import { distinctSpans, type Outcome, verify } from "./verify.ts";

/** The name has everything that must be escaped on its way. */
const OTHER_DESK = "böta & co: 50%/a?b#c";

export interface RoundResult {
  readonly seed: number;
  readonly backlog: boolean;
  /** Batches that came late, before live ones. */
  readonly heldBack: number;
  readonly desks: number;
  readonly spans: number;
  readonly starts: number;
  /** Requests that were sent once more, planned or for want of an answer. */
  readonly repeated: number;
  /** Notifications of alerts that came to each channel, repeats of a key dropped. */
  readonly notifications: readonly number[];
  /** Digests of alerts that came and went while a backlog was worked off. */
  readonly digests: number;
  /** Notifications that came again. */
  readonly notifiedAgain: number;
  /** Acknowledgements and silences. */
  readonly commands: number;
  /** Position through which the log was dropped. */
  readonly droppedThrough: number;
  /** What came of a chain that was watched; undefined in rounds without. */
  readonly chain: string | undefined;
  /** What was wrong; empty where nothing was. */
  readonly problems: readonly string[];
}

/**
 * One round: the aggregator is interrupted under load as the seed says; what it counted is compared.
 *
 * @param hasChain whether it watches a chain on which the load trades
 */
export async function crashRound(
  seed: number,
  folder: string,
  hasChain: boolean = seed % 3 === 0,
): Promise<RoundResult> {
  const random = new Random(seed);
  const plan = crashPlan(random);
  const data = join(folder, "data");
  mkdirSync(folder, { recursive: true });
  const alerts = await AlertSide.start(seed, folder);
  const side = hasChain ? await ChainSide.start(seed, folder) : undefined;
  const otherDesk = plan.hasOtherDesk ? OTHER_DESK : undefined;
  const [loadSeed, extras] = [random.int(1, 2 ** 31), { onChain: side?.chain.trades, otherDesk }];
  const load = plan.backlog
    ? backlogLoad(loadSeed, plan.batches, extras)
    : liveLoad(loadSeed, plan.batches, extras, plan.heldBack);
  const supervisor = new Supervisor({
    data,
    program: builtBin,
    env: { ...settings, ...plan.env, ...side?.env, ...alerts.env },
  });
  const problems: string[] = [];
  const desks = otherDesk === undefined ? [""] : ["", otherDesk];
  try {
    const sending = interruptedLoad({ plan, load, random, supervisor, problems, side, alerts });
    const [sender] = await Promise.all([sending, alerts.command(supervisor, desks, sending)]);
    await side?.settle(supervisor, load.made, data, desks);
    await alerts.settle(supervisor);
    const url = await supervisor.url();
    const others = await readOtherDesks(url);
    if (others.join() !== (otherDesk ?? "")) problems.push(`there are the desks ${others.join()}`);
    const found: Outcome[] = [];
    for (const desk of ["", ...others]) {
      const served = await readServed(url, desk);
      const chain = await side?.outcome(url, desk);
      found.push({ desk, data, sent: load.made, served, backlog: plan.backlog, chain });
    }
    await supervisor.end("SIGTERM");
    for (const outcome of found) {
      const ofDesk = ({ received }: Receiver): Received[] =>
        received.filter(({ data: { desk = "" } }) => desk === outcome.desk);
      const told = { all: ofDesk(alerts.receivers.all), some: ofDesk(alerts.receivers.some) };
      problems.push(...(await verify({ ...outcome, told })));
    }
    const receivers = channelNames.map((name) => alerts.receivers[name]);
    problems.push(...receivers.flatMap((receiver) => receiver.problems));
    const log = readStoredLog(data);
    const { droppedThrough } = log;
    if (droppedThrough === 0) problems.push(...lostCommands(alerts.answered, log));
    return {
      seed,
      backlog: plan.backlog,
      heldBack: plan.heldBack,
      desks: found.length,
      spans: distinctSpans(load.made).size,
      starts: supervisor.starts,
      repeated: sender.attempts - plan.batches,
      notifications: receivers.map(({ received }) => received.length),
      digests: alerts.receivers.all.received.filter(({ data: { kind } }) => kind === "digest").length,
      notifiedAgain: receivers.reduce((sum, { repeats }) => sum + repeats, 0),
      commands: alerts.answered.length,
      droppedThrough,
      chain: side?.told,
      problems,
    };
  } catch (error) {
    // What is left of it must not outlive the test.
    await supervisor.end("SIGKILL").catch(() => {});
    throw error;
  } finally {
    await alerts.close();
    await side?.close();
  }
}

/** Sends the load while the interruptions take place. */
async function interruptedLoad(parts: {
  readonly plan: CrashPlan;
  readonly load: Load;
  readonly random: Random;
  readonly supervisor: Supervisor;
  readonly problems: string[];
  readonly side: ChainSide | undefined;
  readonly alerts: AlertSide;
}): Promise<Sender> {
  const { plan, load, random, supervisor, problems, side, alerts } = parts;
  const again = new Set(
    Array.from({ length: plan.batches }, (_, index) => index).filter(() => random.chance(0.1)),
  );
  const sender = new Sender({
    load,
    url: () => supervisor.url(),
    repeat: (index) => again.has(index),
    pauseMs: plan.pauseMs,
  });
  const interruptions = async (): Promise<void> => {
    for (const interruption of plan.interruptions) {
      await sender.reached(interruption.acknowledged);
      await sleep(interruption.afterMs);
      const acknowledged = [...sender.acknowledged].map((index) => load.batch(index));
      await supervisor.interrupt(interruption);
      problems.push(...(await missing(await supervisor.url(), acknowledged, load)));
    }
  };
  const recovery = async (): Promise<void> => {
    await sender.reached(Math.floor(plan.batches / 2));
    await alerts.recover(supervisor);
  };
  await Promise.all([sender.run(), interruptions(), recovery(), side?.arrive(sender, load)]);
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
    const service = span.split(" ").slice(0, -2).join(" ");
    counts[service] = (counts[service] ?? 0) + 1;
  }
  return counts;
}
