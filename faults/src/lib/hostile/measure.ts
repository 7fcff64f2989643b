import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setPriority } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { rssMiB } from "../aggregator/rss.ts";
import type { Attack } from "./attack.ts";
import { readCpuTimes, takenByOthers } from "./cpu-times.ts";
import type { GoodClient } from "./good-client.ts";
import { MAX_GROWTH_MIB, MAX_P99_MS, type Measured } from "./judge.ts";
import { Subject } from "./subject.ts";

const attackMain = fileURLToPath(new URL("../../attack.main.ts", import.meta.url));
const WARM_UP_MS = 2_000;
const SAMPLE_MS = 50;
/** Until the connections of the attack are gone. */
const RECOVERY_MS = 10_000;
const CALM_MS = 2_000;

export interface Durations {
  /** Without and after the attack. */
  readonly calmMs: number;
  readonly attackMs: number;
}

/**
 * Attacks an aggregator of its own, with a good client beside the attack. A second aggregator on the same disk, the control, has
 * a good client too, and is not attacked: what slows both comes from the machine.
 *
 * @param folder for what both write; it stays there
 */
export async function measure(
  attack: Attack,
  folder: string,
  { calmMs, attackMs }: Durations,
): Promise<Measured> {
  await using subject = await Subject.start(join(folder, "attacked"));
  await using control = await Subject.start(join(folder, "control"));
  const { aggregator, client, turns, url } = subject;
  const takeLatencies = () => ({ own: client.takeLatencies(), control: control.client.takeLatencies() });
  /** The times of both clients within the next milliseconds, and which part of the CPU time other processes took. */
  const within = async (ms: number, attackerPid?: number) => {
    const all = [process.pid, aggregator.pid, control.aggregator.pid, attackerPid];
    const pids = all.filter((pid) => pid !== undefined);
    const from = readCpuTimes(pids);
    takeLatencies();
    await sleep(ms);
    const othersCpu = takenByOthers(from, readCpuTimes(pids));
    return { ...takeLatencies(), othersCpu };
  };
  await sleep(WARM_UP_MS);
  const without = await within(calmMs);
  const before = rssMiB(aggregator.pid);

  let peak = before;
  const sampling = setInterval(() => {
    peak = Math.max(peak, rssMiB(aggregator.pid));
  }, SAMPLE_MS);
  const attackedMs = Date.now();
  for (const one of [client, control.client]) one.takeLongestNew();
  let attacker = launch(attack, url);
  const during = await within(attackMs, attacker.pid);
  attacker.kill("SIGKILL");
  await once(attacker, "exit");
  const connections = await connectionsAfter(client);
  const afterwards = await within(Math.max(calmMs, CALM_MS));
  clearInterval(sampling);
  const after = rssMiB(aggregator.pid);
  const { turnMs, gcMs } = turns.since(attackedMs);
  const ofControl = control.turns.since(attackedMs);
  const sent = await client.stop();
  const counted = await client.counted();
  await control.client.stop();

  attacker = launch(attack, url);
  await sleep(CALM_MS);
  const endingMs = performance.now();
  aggregator.signal("SIGTERM");
  const { code } = await aggregator.ended;
  const endMs = performance.now() - endingMs;
  attacker.kill("SIGKILL");
  if (code !== 0) throw new Error(`The aggregator ended with ${code}:\n${aggregator.output}`);
  return {
    attack: attack.name,
    maxP99Ms: attack.maxP99Ms ?? MAX_P99_MS,
    maxTurnMs: attack.maxTurnMs ?? Number.POSITIVE_INFINITY,
    maxGrowthMiB: attack.maxGrowthMiB ?? MAX_GROWTH_MIB,
    rssMiB: { before, peak, after },
    without: without.own,
    during: during.own,
    afterwards: afterwards.own,
    newMs: client.takeLongestNew(),
    control: {
      without: without.control,
      during: during.control,
      afterwards: afterwards.control,
      newMs: control.client.takeLongestNew(),
      turnMs: ofControl.turnMs,
    },
    othersCpu: { during: during.othersCpu, afterwards: afterwards.othersCpu },
    sent,
    counted,
    connections,
    turnMs,
    gcMs,
    endMs,
  };
}

function launch(attack: Attack, url: string): ChildProcess {
  const attacker = spawn(
    process.execPath,
    ["--conditions=slipstream-source", attackMain, attack.name, new URL(url).port],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  // It stands for other machines: it must not take the time of the one that is measured.
  if (attacker.pid !== undefined) setPriority(attacker.pid, 15);
  return attacker;
}

/** The connections that are open, once they are few or it has taken too long. */
async function connectionsAfter(client: GoodClient): Promise<number> {
  const endMs = performance.now() + RECOVERY_MS;
  for (;;) {
    const { connections } = JSON.parse(await client.ask("/readyz")) as { connections: { open: number } };
    if (connections.open <= 10 || performance.now() > endMs) return connections.open;
    await sleep(100);
  }
}
