import { type HistoryRecord, type HistoryTableName, SlipstreamError } from "@slipstream/conventions";
import { recordOf } from "@slipstream/engine";
import { type MissingRows, missingInAll, missingText } from "../history/missing-rows.ts";
import type { HistoryQuery, HistoryReader } from "../history/query.ts";

export type TradeRow = HistoryRecord<"trades">;
export type VerdictRow = HistoryRecord<"mev_verdicts">;

/** What the history has of a trade: one of the two at least. */
export interface FoundTrade {
  readonly trade: TradeRow | undefined;
  readonly verdict: VerdictRow | undefined;
}

/** Trades with one name that are listed in an error. */
const MOST_LISTED = 5;
/** A transaction read from a block may hold many. */
const MOST_FOUND = 100;

/**
 * The trade with this trade id, trace id or transaction signature.
 *
 * @throws SlipstreamError `trade_unknown`, `trade_ambiguous`
 */
export async function findTrade(history: Pick<HistoryReader, "find">, text: string): Promise<FoundTrade> {
  const { rows: trades, missing } = await rowsWith(
    history,
    "trades",
    ["trade_id", "trace_id", "signature"],
    text,
  );
  if (trades.length > 1) throw ambiguous(text, trades);
  const [trade] = trades;
  if (trade !== undefined) {
    const { timestamp, trade_id } = trade;
    // At its time, so that only few rows are looked at.
    const span = { fromMs: (timestamp - 1) / 1_000, toMs: (timestamp + 2) / 1_000 };
    const { rows: verdicts } = await rowsWith(history, "mev_verdicts", ["trade_id"], trade_id ?? "", span);
    return { trade, verdict: verdicts.find((verdict) => verdict.timestamp === timestamp) };
  }
  // Verdicts are kept longer than trades.
  const { rows: verdicts } = await rowsWith(history, "mev_verdicts", ["trade_id", "signature"], text);
  if (verdicts.length > 1) throw ambiguous(text, verdicts);
  const [verdict] = verdicts;
  if (verdict !== undefined) return { trade: undefined, verdict };
  const inAll = missingInAll(missing);
  if (inAll !== undefined) throw mayBeDamaged(text, inAll);
  throw new SlipstreamError(
    "trade_unknown",
    `The history has no trade "${text}". Give a trade id, a trace id or a transaction signature; slipstream history trades --json lists ` +
      "them.",
    { field: "trade" },
  );
}

async function rowsWith<Table extends HistoryTableName>(
  history: Pick<HistoryReader, "find">,
  table: Table,
  columns: readonly string[],
  value: string,
  span: Pick<HistoryQuery, "fromMs" | "toMs"> = {},
): Promise<{ readonly rows: readonly HistoryRecord<Table>[]; readonly missing: readonly MissingRows[] }> {
  // Without those that two columns find.
  const found = new Map<string, HistoryRecord<Table>>();
  const missing: MissingRows[] = [];
  for (const column of columns) {
    const answer = await history.find({ table, equal: { [column]: value }, limit: MOST_FOUND, ...span });
    for (const row of answer.rows)
      found.set(JSON.stringify(row.values), recordOf(row) as HistoryRecord<Table>);
    missing.push(...answer.missing);
  }
  return { rows: [...found.values()], missing };
}

function mayBeDamaged(text: string, missing: MissingRows): SlipstreamError {
  return new SlipstreamError(
    "history_damaged",
    `The trade "${text}" is not among those that can be read. ${missingText(missing)}, and it may be one of them.`,
    { field: "trade" },
  );
}

function ambiguous(text: string, rows: readonly (TradeRow | VerdictRow)[]): SlipstreamError {
  const found = `${rows.length} trades are called "${text}"`;
  for (const [what, nameOf] of names) {
    const each = rows.flatMap((row) => nameOf(row) ?? []);
    if (new Set(each).size < rows.length) continue;
    const more = each.length > MOST_LISTED ? ` and ${each.length - MOST_LISTED} more` : "";
    const listed = each.slice(0, MOST_LISTED).join(", ");
    return new SlipstreamError("trade_ambiguous", `${found}. Name one by its ${what}: ${listed}${more}.`, {
      field: "trade",
    });
  }
  return new SlipstreamError(
    "trade_ambiguous",
    `${found}, and not each has a trade id, trace id or signature of its own. Give each trade its own trade.id; ` +
      "slipstream history trades --json lists them.",
    { field: "trade" },
  );
}

/** By what trades may be told apart, the first that does. */
const names: readonly (readonly [what: string, of: (row: TradeRow | VerdictRow) => string | null])[] = [
  ["trade id", ({ trade_id }) => trade_id],
  ["trace id", (row) => ("trace_id" in row ? row.trace_id : null)],
  ["transaction signature", ({ signature }) => signature],
];
