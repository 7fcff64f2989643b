import { setTimeout as sleep } from "node:timers/promises";
import { stages } from "../order.ts";
import type { Part } from "../parts/part.ts";
import { isAlive, type ProcessIdentity, signalProcess } from "./identity.ts";
import type { RunFolder } from "./run-folder.ts";

const STOP_MS = 10_000;
const POLL_MS = 50;

/** The processes that an earlier run of the same folder left, if its runner was killed, by part. */
function leftovers(folder: RunFolder): ReadonlyMap<string, ProcessIdentity> {
  return new Map([...folder.processes()].filter(([, identity]) => isAlive(identity)));
}

/**
 * Ends what an earlier run left, one after the other, in the order in which parts end.
 *
 * @param all the parts that there are
 * @returns the names of those that ran
 */
export async function endLeftovers(folder: RunFolder, all: readonly Part[]): Promise<readonly string[]> {
  const left = leftovers(folder);
  const order = stages(all).flat().reverse();
  const place = (name: string): number => order.findIndex((part) => part.name === name);
  const names = [...left.keys()].sort((one, other) => place(one) - place(other));
  for (const name of names) {
    const identity = left.get(name);
    if (identity !== undefined) await endProcess(identity, STOP_MS);
  }
  for (const name of folder.processes().keys()) folder.removeProcess(name);
  return names;
}

/** Ends a process that is not a child of this one: SIGTERM, and SIGKILL if that takes too long. */
export async function endProcess(identity: ProcessIdentity, stopMs: number): Promise<void> {
  signalProcess(identity, "SIGTERM");
  const deadline = performance.now() + stopMs;
  while (isAlive(identity)) {
    if (performance.now() > deadline) signalProcess(identity, "SIGKILL");
    await sleep(POLL_MS);
  }
}
