import { minimumOut } from "../../market/minimum-out.ts";
import { toAtoms } from "../../market/tokens.ts";
import type { Random } from "../../random.ts";
import { type AttackOdds, attackChance } from "../attackers/odds.ts";
import type { Target } from "../attackers/target.ts";
import { SLOT_MS } from "../chain/slots.ts";
import { BASE_FEE, priorityLamports } from "../chain/transaction.ts";
import { bidOf, type Decision } from "../desk/decision.ts";
import { DESK_PROGRAM, type Measured } from "../desk/span.ts";
import { OwnTrade } from "../desk/trade.ts";
import { expectedValue, type FeeContext } from "../fees/expected-value.ts";
import { bestBid } from "../fees/oracle.ts";
import { haste } from "../fees/urgency.ts";
import { tokenIn } from "../pools/pool.ts";
import { lossOf } from "../truth/loss.ts";
import type { Hunt } from "./hunt.ts";
import type { Setting } from "./setting.ts";
import type { Stage } from "./stage.ts";
import { exposureOf, threatTo } from "./threats.ts";

/** Standard deviation of the market's effect on a trade's result, in basis points of its size. */
const LUCK_BPS = 8;

/** Quotes, sends and measures the desk's trades. */
export class WorldDesk {
  readonly #setting: Setting;
  readonly #odds: AttackOdds;
  readonly #random: Random;

  constructor(setting: Setting, odds: AttackOdds) {
    this.#setting = setting;
    this.#odds = odds;
    this.#random = setting.random.fork("desk");
  }

  /** Quotes a decision at the pool's current state. */
  open(decision: Decision): OwnTrade {
    const { schedule, sol, deskWallets, settings, names } = this.#setting;
    const { pool, buy, sizeUsd, toleranceBps, urgency, protection, offer, tries } = decision;
    sol.advance(decision.slot);
    pool.outside.advance(decision.slot);
    const solUsd = sol.price;
    const quoteUsd = pool.pair.quote.symbol === "USDC" ? 1 : solUsd;
    const usd = buy ? quoteUsd : quoteUsd * pool.outside.price;
    const amountIn = toAtoms(tokenIn(pool, buy), sizeUsd / usd);
    const quotedOut = pool.curve.quote(buy, amountIn);
    const exposure = exposureOf(decision, schedule);
    const context: FeeContext = {
      sizeUsd,
      urgency,
      protection,
      solUsd,
      congestion: [{ level: decision.congestion, weight: 1 }],
      threat: threatTo(exposure, this.#odds, this.#setting),
    };
    return new OwnTrade({
      id: `mev-${settings.seed}-${decision.index}`,
      decision,
      signer: this.#random.pick(deskWallets),
      bundleId: protection === "jito" ? `bundle-${names.address()}` : undefined,
      amountIn,
      quotedOut,
      minOut: minimumOut(quotedOut, toleranceBps),
      solUsd,
      edgeUsd: (sizeUsd * haste[urgency].edgeBps) / 1e4,
      attackChance: tries === null ? 0 : attackChance(this.#odds.perSlot(exposure), tries),
      expected: expectedValue(context, bidOf(protection, offer, priorityLamports(offer))),
      best: bestBid(context),
    });
  }

  /** Schedules the transaction where it lands, and shows it to attackers. */
  send(trade: OwnTrade, stage: Stage, hunt: Hunt): void {
    const { pool, buy, endSlot, slot, offer, protection } = trade.decision;
    const key = this.#random.between(0.1, 0.9);
    const target: Target = {
      pool,
      buy,
      amountIn: trade.amountIn,
      minOut: trade.minOut,
      trade: trade.id,
      slot: endSlot,
      key,
      from: slot + 1,
      bundleId: trade.bundleId,
    };
    stage.at(endSlot, key, () => {
      // A bundle that would revert is not included, so nobody ever sees it.
      if (protection === "jito" && pool.curve.quote(buy, trade.amountIn) < trade.minOut) return;
      const attackers = target.bundleId !== trade.bundleId;
      trade.transaction = stage.run(
        {
          signer: trade.signer,
          program: DESK_PROGRAM,
          orders: [{ pool, buy, amount: trade.amountIn }],
          minOut: trade.minOut,
          offer,
          bundleId: target.bundleId,
        },
        trade.id,
        attackers,
      );
    });
    hunt.consider(target, trade.attackChance);
  }

  /**
   * The desk's measurements at the end of the trade. The books value a trade at the market when it lands, so
   * price changes since the quote do not count as its result. (Relative to the quote, trades would seem to
   * gain from them, because those that prices moved against by more than the tolerance revert.)
   */
  measure(trade: OwnTrade, slot: number): Measured {
    const { schedule } = this.#setting;
    const { decision, transaction, solUsd } = trade;
    const startMs = schedule.timeMs(decision.slot) + this.#random.between(0, SLOT_MS);
    const endMs = Math.max(startMs + 400, schedule.timeMs(slot) + this.#random.between(200, 900));
    const luck = this.#random.normal() * LUCK_BPS;
    const latencyMs = this.#random.lognormal(85, 0.4);
    return {
      startMs,
      endMs,
      latencyMs: Math.round(latencyMs * 100) / 100,
      pnlUsd: Math.round(pnl() * 1e6) / 1e6,
    };

    function pnl(): number {
      if (transaction === undefined) return 0;
      const tip = transaction.failed ? 0 : decision.offer.tipLamports;
      const lamports = Number(BASE_FEE) + priorityLamports(decision.offer) + tip;
      const cost = (lamports / 1e9) * solUsd;
      if (transaction.failed) return -cost;
      const kept = haste[decision.urgency].keptPerSlot ** ((decision.tries ?? 1) - 1);
      return trade.edgeUsd * kept + decision.sizeUsd * (luck / 1e4 - lossOf(trade).lossRatio) - cost;
    }
  }
}
