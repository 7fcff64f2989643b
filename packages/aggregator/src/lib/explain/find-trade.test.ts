import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { EmbeddedHistory } from "../history/embedded-history.ts";
import type { HistoryQuery } from "../history/query.ts";
import { blocksOf } from "../history/testing/blocks.ts";
import { tradeRow } from "../history/testing/rows.ts";
import { findTrade } from "./find-trade.ts";

/** Two trades of one trace, with these trade ids and signatures. */
function twoTrades(ids: readonly string[], signatures: readonly string[] = []) {
  const history = new EmbeddedHistory(new DatabaseSync(":memory:"));
  const rows = [0, 1].map((at) =>
    tradeRow(at, {
      trade_id: ids[at] ?? null,
      trace_id: "a".repeat(32),
      signature: signatures[at] ?? null,
    }),
  );
  history.write([], blocksOf(rows));
  return { find: async (query: HistoryQuery) => history.find(query) };
}

describe("trades of one trace", () => {
  test("are told apart by their trade ids", async () => {
    const found = findTrade(twoTrades(["first", "second"]), "a".repeat(32));
    await expect(found).rejects.toThrow("Name one by its trade id: first, second.");
    const one = await findTrade(twoTrades(["first", "second"]), "second");
    expect(one.trade?.trade_id).toBe("second");
  });

  test("are told apart by their signatures if they have one trade id", async () => {
    const found = findTrade(twoTrades(["same", "same"], ["s1", "s2"]), "same");
    await expect(found).rejects.toThrow("Name one by its transaction signature: s1, s2.");
    const one = await findTrade(twoTrades(["same", "same"], ["s1", "s2"]), "s2");
    expect(one.trade?.signature).toBe("s2");
  });

  test("are not told to be named by what they share", async () => {
    const found = findTrade(twoTrades(["same", "same"]), "same");
    await expect(found).rejects.toThrow(/^2 trades are called "same", and not each has .* of its own/);
  });
});
