import type { Schedule } from "../chain/slots.ts";
import { mix } from "../names.ts";

/** A level of congestion and its probability. */
export interface Level {
  readonly level: number;
  readonly weight: number;
}

/**
 * Around its daily course, congestion is normally distributed with this deviation. It is drawn again every
 * `SLOTS_PER_SPELL`.
 */
const DEVIATION = 0.35;
const DAILY = 0.45;
const SLOTS_PER_SPELL = 300;
/** Nodes and weights of the five-point Gauss-Hermite rule for the standard normal distribution. */
const normalNodes = [
  { at: -2.85697, weight: 0.011257 },
  { at: -1.355626, weight: 0.222076 },
  { at: 0, weight: 0.533334 },
  { at: 1.355626, weight: 0.222076 },
  { at: 2.85697, weight: 0.011257 },
] as const;

/** How full blocks are. 0 is usual; 1 makes a position e times as expensive. The maximum is at 15:00 UTC. */
export class Congestion {
  readonly #schedule: Schedule;
  readonly #salt: number;

  constructor(schedule: Schedule, salt: number) {
    this.#schedule = schedule;
    this.#salt = salt;
  }

  at(slot: number): number {
    const spell = mix(Math.floor(slot / SLOTS_PER_SPELL) ^ this.#salt);
    const [one, other] = [(spell + 1) / (2 ** 32 + 1), mix(spell ^ 0x5bd1e995) / 2 ** 32];
    const normal = Math.sqrt(-2 * Math.log(one)) * Math.cos(2 * Math.PI * other);
    return ofDay(this.#schedule.hourOf(slot)) + DEVIATION * normal;
  }
}

/** Distribution of congestion for an hour of the day. */
export function congestionOfHour(hour: number): Level[] {
  return normalNodes.map(({ at, weight }) => ({ level: ofDay(hour) + DEVIATION * at, weight }));
}

/** Distribution of congestion if the hour is unknown. */
export function congestionOverall(): Level[] {
  const hours = Array.from({ length: 24 }, (_, hour) => hour + 0.5);
  return hours.flatMap((hour) =>
    congestionOfHour(hour).map(({ level, weight }) => ({ level, weight: weight / 24 })),
  );
}

function ofDay(hour: number): number {
  return DAILY * Math.sin((2 * Math.PI * (hour - 9)) / 24);
}
