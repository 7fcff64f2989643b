import type { OpenAttack } from "../attackers/open-attack.ts";
import type { WatchedTrade } from "../desk/watched-trade.ts";
import { slotsOf } from "../truth/attack.ts";

const KEPT_SLOTS = 40;
const NEAR_SLOTS = 3;

interface Recent {
  readonly attack: OpenAttack;
  readonly first: number;
  readonly last: number;
}

/** Recent attacks, by pool. */
export class RecentAttacks {
  readonly #byPool = new Map<number, Recent[]>();

  add(attack: OpenAttack): void {
    const { first, last } = slotsOf(attack);
    const recent = this.#byPool.get(attack.pool.index) ?? [];
    this.#byPool.set(
      attack.pool.index,
      recent.filter((other) => other.last > last - KEPT_SLOTS),
    );
    this.#byPool.get(attack.pool.index)?.push({ attack, first, last });
  }

  /** Attacks near a trade that did not enclose it, with the distance of their legs in slots. */
  beside({ decision, transaction, amid, hunted }: WatchedTrade): WatchedTrade["beside"] {
    if (transaction === undefined) return [];
    const { slot } = transaction;
    const own = new Set([hunted, ...amid.map(({ attack }) => attack)]);
    return (this.#byPool.get(decision.pool.index) ?? []).flatMap(({ attack, first, last }) => {
      const slots = Math.max(0, first - slot, slot - last);
      const farthest = Math.max(Math.abs(first - slot), Math.abs(last - slot));
      return slots > NEAR_SLOTS || own.has(attack) ? [] : [{ attack, slots, farthest }];
    });
  }
}
