import type { Random } from "../../random.ts";
import type { Schedule } from "../chain/slots.ts";
import type { AttackerKind, Outcome } from "./kinds.ts";
import type { Target } from "./target.ts";

export interface Place {
  readonly slot: number;
  readonly key: number;
}

export interface Places {
  readonly fronts: readonly Place[];
  readonly backs: readonly Place[];
}

/** So close that nobody comes in between. */
const NEAR = 1e-7;

/** The positions of an attack's legs around its target. */
export function placesOf(
  kind: AttackerKind,
  course: Outcome,
  target: Target,
  schedule: Schedule,
  random: Random,
): Places {
  const { slot, key } = target;
  const at = (shift: number): Place => ({ slot, key: key + shift });
  if (course === "early") return { fronts: [at(-3 * NEAR)], backs: [at(-2 * NEAR)] };
  if (course === "late") return { fronts: [at(2 * NEAR)], backs: [at(3 * NEAR)] };
  if (kind === "cross_slot") {
    const slots = crossSlots(target, schedule, random);
    if (slots !== undefined) return slots;
  }
  if (kind === "split_legs") {
    const legs = (side: -1 | 1, count: number, gap: number): Place[] =>
      Array.from({ length: count }, (_, number) => at(side * gap + number * NEAR));
    const gap = random.chance(0.5) ? 5 * NEAR : random.between(0.005, 0.03);
    const [fronts, backs] = [random.chance(0.3) ? 1 : random.chance(0.7) ? 2 : 3, random.chance(0.5) ? 2 : 3];
    return { fronts: legs(-1, fronts, gap), backs: legs(1, backs, gap) };
  }
  if (kind === "multi_victim") return { fronts: [at(-NEAR)], backs: [at(0.05)] };
  const gap = kind !== "bundle" && random.chance(0.25) ? random.between(0.005, 0.04) : NEAR;
  return { fronts: [at(-gap)], backs: [at(gap)] };
}

/**
 * Front and back run in different slots of the leader's turn; undefined if the turn has no two suitable
 * slots.
 */
function crossSlots({ slot, key, from }: Target, schedule: Schedule, random: Random): Places | undefined {
  const turn = schedule.turnOf(slot);
  const pairs = turn
    .filter((front) => front >= from && front <= slot)
    .flatMap((front) => turn.filter((back) => back >= slot && back > front).map((back) => ({ front, back })));
  const [first, ...others] = pairs;
  if (first === undefined) return undefined;
  const { front, back } = random.pick([first, ...others]);
  return {
    fronts: [{ slot: front, key: front === slot ? key * random.between(0.6, 0.999) : random.next() }],
    backs: [
      { slot: back, key: back === slot ? key + (1 - key) * random.between(0.001, 0.4) : random.next() },
    ],
  };
}
