import type { Swap } from "../swaps/swap.ts";
import { appendTo } from "./append-to.ts";
import { cycle } from "./cycles.ts";
import type { Leg } from "./legs.ts";
import type { PoolGroup } from "./pool-groups.ts";
import { countBetween, firstAbove } from "./sorted-positions.ts";

/** The swaps of one pool by position, direction and actor. */
export class PoolView {
  readonly swaps: readonly Swap[];
  /** The possible legs of each actor in chain order: its swaps that are not arbitrage by themselves. */
  readonly legsByActor: ReadonlyMap<number, readonly Leg[]>;
  readonly #actors: readonly number[];
  readonly #directions: readonly number[];
  readonly #positions: readonly [number[], number[]] = [[], []];
  readonly #own = new Map<number, [number[], number[]]>();

  constructor(
    group: PoolGroup,
    all: readonly Swap[],
    actorOf: Int32Array,
    directionOf: Uint8Array,
    cycles: Uint8Array,
  ) {
    const swaps: Swap[] = [];
    const legs = new Map<number, (Leg & { readonly cycle: number })[]>();
    this.#actors = group.members.map((index) => actorOf[index] ?? -1);
    this.#directions = group.members.map((index) => directionOf[index] ?? 0);
    for (const [at, index] of group.members.entries()) {
      const swap = all[index];
      if (swap === undefined) continue;
      swaps.push(swap);
      const actor = this.actorAt(at);
      const direction = this.directionAt(at);
      this.#positions[direction === 0 ? 0 : 1].push(at);
      const own = this.#own.get(actor) ?? [[], []];
      this.#own.set(actor, own);
      own[direction === 0 ? 0 : 1].push(at);
      appendTo(legs, actor, { swap, at, direction, cycle: cycles[index] ?? cycle.none });
    }
    this.swaps = swaps;
    for (const [actor, mine] of legs) {
      // Arbitrage swaps are not legs, unless the actor also trades in circles at a loss.
      const all = mine.some((leg) => leg.cycle === cycle.lost);
      legs.set(actor, all ? mine : mine.filter((leg) => leg.cycle !== cycle.gained));
    }
    this.legsByActor = legs;
  }

  actorAt(at: number): number {
    return this.#actors[at] ?? -1;
  }

  directionAt(at: number): number {
    return this.#directions[at] ?? 0;
  }

  /** Positions of all swaps in a direction, ascending. */
  places(direction: number): readonly number[] {
    return this.#positions[direction === 0 ? 0 : 1];
  }

  /** Number of others' swaps in the direction between two positions. */
  countOthers(actors: ReadonlySet<number>, direction: number, after: number, before: number): number {
    let others = countBetween(this.places(direction), after, before);
    for (const actor of actors) {
      const own = this.#own.get(actor)?.[direction === 0 ? 0 : 1];
      if (own !== undefined) others -= countBetween(own, after, before);
    }
    return others;
  }

  /** The last swap in the direction by somebody else between two positions. */
  lastOther(actors: ReadonlySet<number>, direction: number, after: number, before: number): Swap | undefined {
    const places = this.places(direction);
    for (let i = firstAbove(places, before - 1) - 1; i >= 0; i--) {
      const at = places[i] ?? 0;
      if (at <= after) return undefined;
      if (!actors.has(this.actorAt(at))) return this.swaps[at];
    }
    return undefined;
  }
}
