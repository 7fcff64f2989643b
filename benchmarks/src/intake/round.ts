import { setTimeout as sleep } from "node:timers/promises";
import type { LoopDelay, Order, Sent } from "./messages.ts";
import { cpuSeconds, residentBytes } from "./process-stats.ts";
import type { SenderProcess } from "./sender-process.ts";
import type { Subject } from "./subject.ts";

const LOOK_MS = 200;
/** A process that takes less than this of a core has nothing left to do. */
const IDLE_CPU_S = 0.02;
const QUIET_DEADLINE_MS = 60_000;

/** A subject under load for a while. */
export interface Round {
  readonly sent: Sent;
  /** User and system time of the subject, all threads, from the first request until it was quiet again. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly loopDelay: LoopDelay | undefined;
}

/** Loads the subject, and waits until it has nothing left to do, so that what it puts off counts too. */
export async function runRound(subject: Subject, sender: SenderProcess, order: Order): Promise<Round> {
  await subject.loopDelay(); // begins anew
  const cpuBefore = cpuSeconds(subject.pid);
  const sent = await sender.send(order);
  const loopDelay = await subject.loopDelay();
  const resident = residentBytes(subject.pid, "now");
  await quiet(subject.pid);
  return { sent, cpuSeconds: cpuSeconds(subject.pid) - cpuBefore, residentBytes: resident, loopDelay };
}

async function quiet(pid: number): Promise<void> {
  const deadline = performance.now() + QUIET_DEADLINE_MS;
  let before = cpuSeconds(pid);
  while (performance.now() < deadline) {
    await sleep(LOOK_MS);
    const now = cpuSeconds(pid);
    if (now - before < IDLE_CPU_S) return;
    before = now;
  }
}
