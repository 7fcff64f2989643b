import { recordOf } from "@slipstream/engine";
import type { TrueVerdict } from "@slipstream/simulator";
import { rowsOf, type Tables } from "../aggregator/stored-history.ts";

/** What of a verdict does not depend on the order in which blocks were read: all but how often somebody was seen before. */
const COMPARED = [
  "verdict",
  "state",
  "label",
  "reason",
  "slot",
  "pool",
  "loss_atoms",
  "loss_token",
  "loss_usd",
];
/** Share of the verdicts that may be others than the truth: what leaves no trace on the chain, see docs/mev-accuracy.md. */
const MOST_WRONG = 0.04;

export type Verdicts = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Verdicts of a history by trade. */
export function verdictsOf(tables: Tables): Verdicts {
  return new Map(
    rowsOf(tables, "mev_verdicts").map((row) => {
      const record = recordOf(row);
      return [String(record.trade_id), Object.fromEntries(COMPARED.map((name) => [name, record[name]]))];
    }),
  );
}

/** Where verdicts are not what truly befell the trades, beyond what nobody could tell. */
export function verdictProblems(
  verdicts: Verdicts,
  truths: ReadonlyMap<string, TrueVerdict>,
): readonly string[] {
  const known = [...verdicts].filter(([, { verdict }]) => verdict !== "unknown");
  const wrong = known.filter(([id, { verdict }]) => verdict !== truths.get(id));
  if (wrong.length <= Math.max(2, MOST_WRONG * known.length)) return [];
  const told = wrong.slice(0, 5).map(([id, { verdict }]) => `${id} is ${verdict}, truly ${truths.get(id)}`);
  return [`${wrong.length} of ${known.length} verdicts are not the truth: ${told.join("; ")}`];
}
