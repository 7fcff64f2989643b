import { Scene } from "../../sandwich/testing/scene.ts";
import type { Sender } from "../../sandwich/testing/world.ts";
import type { OwnerTransfer } from "../../swaps/owner-transfers.ts";
import type { AttemptedSwap, Swap } from "../../swaps/swap.ts";
import type { OwnTrade, Verdict } from "../model.ts";
import type { SlotSwaps } from "../slot-swaps.ts";
import type { TrackerOptions } from "../tracker-options.ts";
import { VerdictTracker } from "../verdict-tracker.ts";

/** A pool, traders who swap in it slot by slot, and a desk whose trades are judged. */
export class Desk {
  readonly scene: Scene;
  readonly trades: OwnTrade[] = [];
  readonly attempts: AttemptedSwap[] = [];
  readonly transfers: OwnerTransfer[] = [];
  #failures = 0;

  constructor(protocol = "RaydiumV4") {
    this.scene = new Scene(protocol);
  }

  get slot(): number {
    return this.scene.world.slot;
  }

  nextSlot(slots = 1): void {
    for (let i = 0; i < slots; i++) this.scene.world.nextSlot();
  }

  /** A swap of the desk, to be judged. */
  buys(amountIn: bigint, over: Partial<OwnTrade> = {}): Swap {
    const swap = this.scene.buy("desk", amountIn);
    this.trades.push({ id: `trade ${swap.id}`, signature: swap.signature, slot: swap.slot, ...over });
    return swap;
  }

  /** Front run, victim and back run, which give an actor a record. */
  attack(actor: string | Sender, amount = 20_000_000_000n): void {
    const front = this.scene.buy(actor, amount);
    this.scene.buy("somebody", amount);
    this.scene.sell(actor, front.amountOut);
  }

  /** A swap in the pool that reverts. */
  fails(sender: string | Sender, over: Partial<AttemptedSwap> = {}): AttemptedSwap {
    this.scene.world.skip(1);
    const { signer, program } = typeof sender === "string" ? { signer: sender, program: undefined } : sender;
    const signature = `failed${this.#failures++}`;
    const last = this.scene.swaps.at(-1);
    const attempt: AttemptedSwap = {
      id: `${signature}:0`,
      signature,
      signer,
      program,
      slot: this.slot,
      // The scene numbers its transactions from 0 in each slot, with skipped ones in between.
      txIndex: last?.slot === this.slot ? last.txIndex + 1 : 0,
      eventIndex: 0,
      pool: this.scene.pool.name,
      protocol: "RaydiumV4",
      ...over,
    };
    this.attempts.push(attempt);
    return attempt;
  }

  /** Passes on what a swap bought, right after it or in the present slot. */
  passes({ txIndex, slot, tokenOut, amountOut: amount }: Swap, from: string, to: string): void {
    const at = this.transfers.length;
    const place = { slot: this.slot, txIndex: slot === this.slot ? txIndex : 0, eventIndex: 100 + at };
    const signature = `transfer${at}`;
    this.transfers.push({ ...place, signature, token: tokenOut, from, to, amount, received: amount });
  }

  /** The slots as seen on the chain, from before the first swap until some slots after the last. */
  slots(behind = 3): SlotSwaps[] {
    const numbers = [...this.scene.swaps, ...this.attempts].map(({ slot }) => slot ?? 0);
    const [from, to] = [Math.min(...numbers) - 3, Math.max(...numbers) + behind];
    return Array.from({ length: to - from + 1 }, (_, i) => ({
      ...slotOf(from + i, this.scene.swaps, this.attempts),
      transfers: this.transfers.filter(({ slot }) => slot === from + i),
    }));
  }

  /** The verdicts once everything is known and finalized. */
  judge(options: Partial<TrackerOptions> = {}): Verdict[] {
    const tracker = new VerdictTracker(options);
    for (const trade of this.trades) tracker.addTrade(trade);
    for (const slot of this.slots()) tracker.addSlot(slot);
    tracker.finalize(this.slot + 3);
    return tracker.take();
  }
}

export function slotOf(
  slot: number,
  swaps: readonly Swap[],
  attempts: readonly AttemptedSwap[] = [],
): SlotSwaps {
  return {
    slot,
    pools: "all",
    swaps: swaps.filter((swap) => swap.slot === slot),
    attempted: attempts.filter((swap) => swap.slot === slot),
    undecoded: [],
    others: [],
    searched: [],
    skipped: [],
    leader: null,
  };
}
