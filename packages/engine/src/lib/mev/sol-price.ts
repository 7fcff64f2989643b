import { attribute, limits } from "@slipstream/conventions";
import type { Span } from "@slipstream/otlp/decode";
import { type Savable, type Saved, SavedFields } from "@slipstream/stats";
import { amount } from "../attributes.ts";
import type { Trade } from "../event.ts";

/** A price older than this says nothing of a trade. */
const FRESH_MS = 60_000;
const LAMPORTS = 1e9;
const STABLE_PAIR = /^SOL\/(USDC|USDT)$/;

/** What a SOL is worth: by the trade itself, else by the desk's last own trade that tells it, a minute old at most. */
export class SolPrice implements Savable {
  #usd = 0;
  #timeMs: number = Number.NEGATIVE_INFINITY;

  /** USD at the trade's time; null where it is not known. */
  of(span: Span, trade: Trade, timeMs: number): number | null {
    const own = plausible(trade.solUsd) ?? tradedAt(span, trade);
    if (own !== undefined && timeMs >= this.#timeMs) {
      this.#usd = own;
      this.#timeMs = timeMs;
    }
    if (own !== undefined) return own;
    return Math.abs(timeMs - this.#timeMs) <= FRESH_MS ? this.#usd : null;
  }

  save(): Saved {
    return { usd: this.#usd, timeMs: this.#timeMs };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("a saved price", saved);
    const [usd, timeMs] = [plausible(fields.number("usd")), fields.number("timeMs")];
    if (usd === undefined) return;
    this.#usd = usd;
    this.#timeMs = timeMs;
  }
}

/** What the trade itself paid, where it swapped SOL for a stablecoin or the other way. */
function tradedAt({ attributes }: Span, { pair = "", side, sizeUsd }: Trade): number | undefined {
  if (!STABLE_PAIR.test(pair) || side === undefined || sizeUsd === undefined) return undefined;
  const atoms = amount(attributes[side === "sell" ? attribute.tradeAmountIn : attribute.tradeActualOut]);
  return atoms === undefined ? undefined : plausible((sizeUsd * LAMPORTS) / Number(atoms));
}

function plausible(usd: number | undefined): number | undefined {
  return usd !== undefined && usd > 0 && usd <= limits.solUsd ? usd : undefined;
}
