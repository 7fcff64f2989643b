import type { HistoryQuery } from "@slipstream/aggregator";
import { historyRow } from "@slipstream/engine";
import { expect, test } from "vitest";
import { eventLines } from "../view/sections/events.ts";
import { paintFor, paintLine } from "../view/style.ts";
import { AttackWatch } from "./attack-news.ts";

const nowMs = Date.UTC(2026, 2, 1, 12);

interface Told {
  readonly trade_id: string;
  readonly verdict: string;
  readonly attacker?: string;
  readonly loss_usd?: number;
  readonly loss_ratio?: number;
  readonly reason?: string;
}

/** A history that holds these verdicts. */
function history(verdicts: readonly Told[]) {
  const queries: HistoryQuery[] = [];
  return {
    queries,
    rows: async (query: HistoryQuery) => {
      queries.push(query);
      return verdicts
        .filter(({ verdict }) => verdict === query.equal?.verdict)
        .map((verdict) =>
          historyRow("mev_verdicts", {
            timestamp: nowMs * 1000,
            pair: "WIF/SOL",
            size_usd: 612.5,
            slot: 310_000_001,
            ...verdict,
          } as never),
        );
    },
  };
}

const attacker = "DYDBT4131111111SmnhnpcQLRxipgijmYZPS8ikstG5";
const hit: Told = { trade_id: "1", verdict: "impacted", attacker, loss_usd: 3.2, loss_ratio: 0.00522 };

test("an attack is told once, with pair, loss, attacker and slot", async () => {
  const watch = new AttackWatch(
    history([hit, { trade_id: "2", verdict: "avoided", attacker }, { trade_id: "3", verdict: "clean" }]),
    nowMs - 1000,
  );
  const news = await watch.look(nowMs);
  expect(news.map(({ text }) => text)).toEqual([
    "sandwiched by DYDBT4…: WIF/SOL of $612.50 lost $3.20 (52 bps) in slot 310000001",
    "attack avoided by DYDBT4…: WIF/SOL of $612.50 in slot 310000001",
  ]);
  expect(news[0]?.values).toMatchObject({ trade_id: "1", attacker, loss_usd: 3.2 });
  expect(await watch.look(nowMs)).toEqual([]);
});

test("a loss that is not known is told as such, with the reason", async () => {
  const reason = "not replayable: dynamic pool";
  const unknown = { trade_id: "1", verdict: "impacted", reason };
  const [news] = await new AttackWatch(history([unknown]), 0).look(nowMs);
  expect(news?.text).toBe(
    "sandwiched: WIF/SOL of $612.50 lost an unknown amount in slot 310000001 (not replayable: dynamic pool)",
  );
  expect(news?.values.loss_usd).toBeNull();
});

test("many at once do not flood", async () => {
  const many = Array.from({ length: 30 }, (_, number) => ({ ...hit, trade_id: String(number) }));
  const news = await new AttackWatch(history(many), 0).look(nowMs);
  expect(news).toHaveLength(5);
  expect(news.at(-1)?.text).toBe("... and 26 more attacked or avoided");
});

test("trades of an earlier demo are not told of", async () => {
  const own = history([hit]);
  await new AttackWatch(own, nowMs - 1000).look(nowMs);
  await new AttackWatch(own, 0).look(nowMs);
  expect(own.queries.map(({ fromMs }) => fromMs)).toEqual([
    nowMs - 1000,
    nowMs - 1000,
    nowMs - 300_000,
    nowMs - 300_000,
  ]);
});

test("the loss stays on a line of 80 columns", async () => {
  const large = { ...hit, pair: "BONK/SOL", size_usd: 12_000, loss_usd: 1_234.56, loss_ratio: 0.1029 };
  const [news] = await new AttackWatch(history([large]), 0).look(nowMs);
  const [line = []] = eventLines([{ timeMs: nowMs, text: news?.text ?? "" }], 1);
  expect(paintLine(line, 80, paintFor(false))).toContain("lost $1,234.56");
});
