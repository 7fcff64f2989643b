import { attribute } from "@slipstream/conventions";
import type { Span } from "@slipstream/otlp/decode";
import { type Savable, type Saved, SavedFields } from "@slipstream/stats";
import { amount, nonNegative, text } from "../attributes.ts";

/** A price older than this says nothing of a trade. */
const FRESH_MS = 60_000;
const LAMPORTS = 1e9;
const STABLE_PAIR = /^SOL\/(USDC|USDT)$/;

/** What a SOL is worth: by the trade itself, else by the desk's last own trade that tells it, a minute old at most. */
export class SolPrice implements Savable {
  #usd = 0;
  #timeMs: number = Number.NEGATIVE_INFINITY;

  /** USD at the trade's time; null where it is not known. */
  of(span: Span, timeMs: number): number | null {
    const own = toldBy(span) ?? tradedAt(span);
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
    this.#usd = fields.number("usd");
    this.#timeMs = fields.number("timeMs");
  }
}

function toldBy({ attributes }: Span): number | undefined {
  return positive(nonNegative(attributes[attribute.tradeSolUsd]));
}

/** What the trade itself paid, where it swapped SOL for a stablecoin or the other way. */
function tradedAt({ attributes }: Span): number | undefined {
  if (!STABLE_PAIR.test(text(attributes[attribute.tradePair]) ?? "")) return undefined;
  const sold = attributes[attribute.tradeSide] === "sell";
  const atoms = amount(attributes[sold ? attribute.tradeAmountIn : attribute.tradeActualOut]);
  const usd = nonNegative(attributes[attribute.tradeSizeUsd]);
  if (atoms === undefined || usd === undefined) return undefined;
  return positive((usd * LAMPORTS) / Number(atoms));
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 && Number.isFinite(value) ? value : undefined;
}
