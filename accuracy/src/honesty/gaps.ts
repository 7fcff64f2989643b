import { SLOTS_PER_DAY } from "@slipstream/simulator";
import { seededRandom } from "@slipstream/stats";

/** Ways in which a watcher misses blocks; the days of a study have them in turn. */
export const gapKinds = ["none", "scattered", "stretches", "hours"] as const;
export type GapKind = (typeof gapKinds)[number];

/** For people. */
export const gapTexts: Readonly<Record<GapKind, string>> = {
  none: "every block seen",
  scattered: "3 % of the blocks missed, one by one",
  stretches: "15 % missed, in stretches of 20 minutes on average",
  hours: "4 hours on end missed",
};

const SCATTERED = 0.03;
const STRETCHED = 0.15;
const SLOTS_PER_MINUTE = SLOTS_PER_DAY / 1440;
const STRETCH = 20 * SLOTS_PER_MINUTE;
const HOURS = 240 * SLOTS_PER_MINUTE;

/** Which slots of a world the watcher does not see. */
export class Gaps {
  readonly #firstSlot: number;
  readonly #seed: number;
  readonly #days = new Map<number, (slot: number) => boolean>();

  constructor(firstSlot: number, seed: number) {
    this.#firstSlot = firstSlot;
    this.#seed = seed;
  }

  /** @param day From the world's beginning on. The first, from which a tracker learns, is seen. */
  kindOf(day: number): GapKind {
    return day === 0 ? "none" : (gapKinds[day % gapKinds.length] ?? "none");
  }

  isUnseen(slot: number): boolean {
    const day = Math.floor((slot - this.#firstSlot) / SLOTS_PER_DAY);
    let isMissed = this.#days.get(day);
    if (isMissed === undefined) {
      isMissed = missedIn(this.kindOf(day), seededRandom(this.#seed * 1000 + day));
      this.#days.set(day, isMissed);
    }
    return isMissed(slot - this.#firstSlot - day * SLOTS_PER_DAY);
  }
}

/** @returns Whether a slot, from the day's first on, is missed; asked for in any order. */
function missedIn(kind: GapKind, random: () => number): (slot: number) => boolean {
  if (kind === "none") return () => false;
  if (kind === "hours") {
    const from = random() * (SLOTS_PER_DAY - HOURS);
    return (slot) => slot >= from && slot < from + HOURS;
  }
  const missed = new Uint8Array(SLOTS_PER_DAY);
  if (kind === "scattered") {
    for (let slot = 0; slot < missed.length; slot++) missed[slot] = random() < SCATTERED ? 1 : 0;
  } else {
    const length = (mean: number): number => 1 - Math.log(1 - random()) * mean;
    const seen = (STRETCH * (1 - STRETCHED)) / STRETCHED;
    for (let slot = length(seen) * random(); slot < missed.length; slot += length(seen)) {
      const end = slot + length(STRETCH);
      missed.fill(1, Math.floor(slot), Math.floor(end));
      slot = end;
    }
  }
  return (slot) => missed[slot] === 1;
}
