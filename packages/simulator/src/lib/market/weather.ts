import { Random } from "../random.ts";

export type Part = "node" | "jupiter" | "store";

/** Conditions of a stand-in at a point in time. */
export interface Conditions {
  /** Factor of the usual latency. */
  readonly latencyFactor: number;
  /** Share of requests that fail. */
  readonly failureRate: number;
}

/** Disturbances of the stand-ins over the simulation's time. */
export interface Weather {
  at(part: Part, timeMs: number): Conditions;
}

/** Almost nothing fails. */
export const usual: Conditions = { latencyFactor: 1, failureRate: 0.002 };

interface Spell {
  readonly part: Part;
  readonly conditions: Conditions;
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

const slowNode: Spell = {
  part: "node",
  conditions: { latencyFactor: 14, failureRate: 0.01 },
  minSeconds: 8,
  maxSeconds: 14,
};
const failingNode: Spell = {
  part: "node",
  conditions: { latencyFactor: 1.5, failureRate: 0.85 },
  minSeconds: 6,
  maxSeconds: 9,
};
const slowJupiter: Spell = {
  part: "jupiter",
  conditions: { latencyFactor: 6, failureRate: 0.02 },
  minSeconds: 8,
  maxSeconds: 14,
};
const throttledJupiter: Spell = {
  part: "jupiter",
  conditions: { latencyFactor: 1, failureRate: 0.5 },
  minSeconds: 5,
  maxSeconds: 8,
};
const slowStore: Spell = {
  part: "store",
  conditions: { latencyFactor: 10, failureRate: 0.1 },
  minSeconds: 6,
  maxSeconds: 10,
};

/** About when the first spells begin, ms: a viewer of two minutes sees an alert fire, escalate and clear. */
const FIRST_SPELLS: readonly (readonly [Spell, atMs: number])[] = [
  [{ ...slowNode, minSeconds: 18, maxSeconds: 20 }, 25_000],
  [failingNode, 55_000],
  // Later than the others, so that what fired has cleared.
  [slowJupiter, 118_000],
];
/** How much earlier or later. */
const FIRST_SPELL_JITTER_MS = 1_500;

/**
 * Mostly healthy, with a spell on one part about every half minute. The first spell is a slow node, after about 25 s, and the
 * second a failing one, after about 55 s, so that a viewer sees latencies rise and the circuit breaker open within a minute.
 * The seed determines the rest.
 */
export class CalmWeather implements Weather {
  readonly #random: Random;
  readonly #first: (readonly [Spell, atMs: number])[] = [...FIRST_SPELLS];
  #deck: Spell[] = [];
  #spell: Spell = slowNode;
  #startMs = 0;
  #endMs = 0;

  constructor(seed: string | number) {
    this.#random = new Random(seed).fork("weather");
    this.#forecast();
  }

  /** Time must not go backwards by more than a spell, because past spells are dropped. */
  at(part: Part, timeMs: number): Conditions {
    while (timeMs >= this.#endMs) this.#forecast();
    return timeMs >= this.#startMs && part === this.#spell.part ? this.#spell.conditions : usual;
  }

  #forecast(): void {
    const first = this.#first.shift();
    const begin =
      first === undefined
        ? this.#endMs + this.#random.between(20_000, 35_000)
        : first[1] + this.#random.between(-FIRST_SPELL_JITTER_MS, FIRST_SPELL_JITTER_MS);
    this.#spell = first?.[0] ?? this.#next();
    this.#startMs = begin;
    this.#endMs = begin + this.#random.between(this.#spell.minSeconds, this.#spell.maxSeconds) * 1000;
  }

  /** Each kind of spell once before any comes again. */
  #next(): Spell {
    if (this.#deck.length === 0) {
      const spells = [slowNode, failingNode, slowJupiter, throttledJupiter, slowStore, slowNode];
      while (spells.length > 0) {
        this.#deck.push(...spells.splice(Math.floor(this.#random.next() * spells.length), 1));
      }
    }
    return this.#deck.shift() ?? slowNode;
  }
}

/** The conditions of every part. */
type Everywhere = Readonly<Record<Part, Conditions>>;

const everywhereUsual: Everywhere = { node: usual, jupiter: usual, store: usual };

/** Constant weathers, by the names that a user writes. */
export const weathers: {
  readonly [Name in
    | "calm"
    | "slow-node"
    | "failing-node"
    | "slow-jupiter"
    | "failing-jupiter"
    | "slow-store"
    | "storm"]: Everywhere;
} = {
  calm: everywhereUsual,
  "slow-node": { ...everywhereUsual, node: slowNode.conditions },
  "failing-node": { ...everywhereUsual, node: failingNode.conditions },
  "slow-jupiter": { ...everywhereUsual, jupiter: slowJupiter.conditions },
  "failing-jupiter": { ...everywhereUsual, jupiter: throttledJupiter.conditions },
  "slow-store": { ...everywhereUsual, store: slowStore.conditions },
  // Everything at once, but so that some trades still succeed.
  storm: {
    node: { latencyFactor: 14, failureRate: 0.3 },
    jupiter: { latencyFactor: 6, failureRate: 0.3 },
    store: { latencyFactor: 10, failureRate: 0.3 },
  },
};

/** Constant conditions by part; the rest as usual. */
export function steadyWeather(conditions: Partial<Record<Part, Partial<Conditions>>> = {}): Weather {
  return { at: (part) => ({ ...usual, ...conditions[part] }) };
}
