import { historyTable } from "@slipstream/conventions";
import { expect, test } from "vitest";
import { historyRow, recordOf } from "./rows.ts";

test.each([
  ["SOL/USDC", "SOL/USDC"],
  ["a whole pair 🚀", "a whole pair 🚀"],
  ["a\0b", "a\ufffdb"],
  ["x\ud800y", "x\ufffdy"],
  ["\udc00\0", "\ufffd\ufffd"],
])("text is stored as both databases hold it: %j", (pair, stored) => {
  const record = Object.fromEntries(historyTable("trades").columns.map(({ name }) => [name, null]));
  const row = historyRow("trades", { ...record, timestamp: 1, pair } as never);
  expect(recordOf(row)).toMatchObject({ timestamp: 1, pair: stored, trade_id: null });
  expect(row.values).toHaveLength(historyTable("trades").columns.length);
});
