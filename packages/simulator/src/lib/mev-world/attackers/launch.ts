import type { Random } from "../../random.ts";
import type { Stage } from "../engine/stage.ts";
import { AttackRun } from "./attack-run.ts";
import type { Attacker } from "./attacker.ts";
import { failingOutcomes, type Outcome } from "./kinds.ts";
import { placesOf } from "./places.ts";
import type { Target } from "./target.ts";

/**
 * Sends an attacker after a target: schedules its legs in the coming blocks.
 * @returns False if another attack occupies the pool at that time.
 */
export function launch(
  stage: Stage,
  random: Random,
  id: string,
  attacker: Attacker,
  target: Target,
): boolean {
  const fails = attacker.kind === "failing" && attacker.completed >= (stage.practised ?? 0);
  const course = fails ? drawCourse(random) : "completed";
  const places = placesOf(attacker.kind, course, target, stage.schedule, random);
  const slots = [
    target.slot,
    ...places.fronts.map(({ slot }) => slot),
    ...places.backs.map(({ slot }) => slot),
  ];
  const { pool } = target;
  if (pool.lockedThrough >= Math.min(...slots)) return false;
  pool.lockedThrough = Math.max(...slots);
  const run = new AttackRun({ stage, random, id, attacker, target, course });
  const { fronts, backs } = places;
  for (const [number, { slot, key }] of fronts.entries()) {
    stage.at(slot, key, () => run.front(fronts.length - number));
  }
  for (const [number, { slot, key }] of backs.entries()) {
    stage.at(slot, key, () => run.back(backs.length - number));
  }
  if (attacker.kind === "multi_victim") run.addVictims(random.chance(0.6) ? 1 : 2);
  if (course === "unprofitable") stage.at(target.slot, target.key + 0.5e-7, () => run.counter());
  return true;
}

function drawCourse(random: Random): Outcome {
  let rest = random.next() * failingOutcomes.reduce((sum, { weight }) => sum + weight, 0);
  for (const { outcome, weight } of failingOutcomes) {
    rest -= weight;
    if (rest < 0) return outcome;
  }
  return "completed";
}
