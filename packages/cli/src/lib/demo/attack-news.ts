import type { HistoryReader } from "@slipstream/aggregator";
import { recordOf } from "@slipstream/engine";
import { fixed } from "../view/format.ts";

/** An attack on one of the desk's trades, as a line for people and as values for programs. */
export interface AttackNews {
  readonly text: string;
  readonly values: Readonly<Record<string, string | number | null>>;
}

const verdicts = ["impacted", "avoided"] as const;
/** Lines at a time; what is more is told as a number. */
const MOST_LINES = 4;
/** A verdict comes some seconds after its trade, later where the node is slow. */
const LOOK_BACK_MS = 300_000;
const MOST_ROWS = 2_000;
const ADDRESS_BEGINS = 6;

/** Finds attacks in the history as verdicts come in, and tells each once. */
export class AttackWatch {
  readonly #history: Pick<HistoryReader, "rows">;
  readonly #sinceMs: number;
  /** What is told, by trade, in order of time. */
  readonly #told = new Set<string>();

  /** @param sinceMs Trades that ended before are not told of, Unix ms. */
  constructor(history: Pick<HistoryReader, "rows">, sinceMs: number) {
    this.#history = history;
    this.#sinceMs = sinceMs;
  }

  /** What is new since the last call. @throws SlipstreamError where the history cannot be read. */
  async look(nowMs: number): Promise<readonly AttackNews[]> {
    const fromMs = Math.max(this.#sinceMs, nowMs - LOOK_BACK_MS);
    const found: AttackNews[] = [];
    for (const verdict of verdicts) {
      const query = { table: "mev_verdicts", fromMs, limit: MOST_ROWS, equal: { verdict } } as const;
      for (const row of await this.#history.rows(query)) {
        const values = recordOf(row);
        const key = `${verdict} ${values.trade_id}`;
        if (this.#told.has(key)) continue;
        this.#told.add(key);
        found.push(newsOf(values));
      }
    }
    this.#forget();
    const more = found.length - MOST_LINES;
    if (more <= 0) return found;
    const rest = { text: `... and ${more} more attacked or avoided`, values: { more } };
    return [...found.slice(0, MOST_LINES), rest];
  }

  #forget(): void {
    for (const key of this.#told) {
      if (this.#told.size <= 2 * MOST_ROWS) return;
      this.#told.delete(key);
    }
  }
}

function newsOf(row: Readonly<Record<string, string | number | null>>): AttackNews {
  const { trade_id, verdict, pair, size_usd, attacker, slot, loss_usd, loss_ratio, reason } = row;
  const values = { trade_id, verdict, pair, size_usd, attacker, slot, loss_usd };
  const trade = `${pair ?? "a trade"} of ${money(size_usd)}`;
  const where = `in slot ${slot ?? "?"}`;
  const who = attacker === null || attacker === undefined ? "" : ` by ${shortAddress(String(attacker))}`;
  const text =
    verdict === "avoided"
      ? `attack avoided${who}: ${trade} ${where}`
      : // The loss comes before what a narrow terminal cuts off.
        `sandwiched${who}: ${trade} lost ${loss(loss_usd, loss_ratio)} ${where}${why(loss_usd, reason)}`;
  return { text, values: defined(values) };
}

function loss(usd: unknown, ratio: unknown): string {
  if (typeof usd !== "number") return "an unknown amount";
  return typeof ratio === "number" ? `${money(usd)} (${fixed(ratio * 1e4, 0)} bps)` : money(usd);
}

/** Why the loss is not known. */
function why(usd: unknown, reason: unknown): string {
  return typeof usd !== "number" && typeof reason === "string" ? ` (${reason})` : "";
}

function money(usd: unknown): string {
  return typeof usd === "number" ? `$${fixed(usd, 2)}` : "an unknown size";
}

/** As much as tells one from another. */
function shortAddress(address: string): string {
  return address.length <= ADDRESS_BEGINS ? address : `${address.slice(0, ADDRESS_BEGINS)}…`;
}

function defined(
  values: Readonly<Record<string, string | number | null | undefined>>,
): Record<string, string | number | null> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value ?? null]));
}
