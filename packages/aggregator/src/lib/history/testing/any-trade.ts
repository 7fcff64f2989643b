import { historyTable } from "@slipstream/conventions";
import { type HistoryRow, historyRow } from "@slipstream/engine";
import fc from "fast-check";

const { columns } = historyTable("trades");

/** Text of every kind, with what a name of a token or a service may hold. */
const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.constantFrom("", "SOL/USDC", "jito", "\u0000", "\ud800", "x".repeat(20_000)),
);

function valuesOfType(type: string): fc.Arbitrary<string | number | null> {
  if (type === "symbol" || type === "text") return fc.option(text);
  if (type === "double") return fc.option(fc.double());
  return fc.option(fc.maxSafeInteger());
}

/** Any row that the engine may make. */
export const anyTrade: fc.Arbitrary<HistoryRow> = fc
  .record(
    Object.fromEntries(
      columns.map(({ name, type, key }) => {
        if (name === "timestamp") return [name, fc.integer({ min: -(10 ** 15), max: 3 * 10 ** 15 })];
        return [name, key === true ? text.map(String) : valuesOfType(type)];
      }),
    ),
  )
  .map((record) => historyRow("trades", record as never));
