import type { HistoryRecord } from "@slipstream/conventions";
import { historyRow } from "@slipstream/engine";
import { expect, test } from "vitest";
import { judgedTrades } from "./judged-trade.ts";

const at = 1_767_571_200_000_000;
const trade = (more: Partial<HistoryRecord<"trades">>) =>
  historyRow("trades", {
    timestamp: at,
    trade_id: "a",
    trace_id: "1",
    span_id: "2",
    pair: "SOL/USDC",
    status: "success",
    protection: "jito",
    strategy: "high",
    size_usd: 1_000,
    pnl_usd: 5,
    sol_usd: 200,
    slot: 7,
    priority_fee_lamports: 1_000_000,
    tip_lamports: 4_000_000,
    ...more,
  } as HistoryRecord<"trades">);
const verdict = (more: Partial<HistoryRecord<"mev_verdicts">>) =>
  historyRow("mev_verdicts", {
    timestamp: at,
    trade_id: "a",
    verdict: "impacted",
    leader: "L",
    loss_ratio: 0.01,
    loss_usd: 10,
    attacker: "mallory",
    ...more,
  } as HistoryRecord<"mev_verdicts">);

test("a trade is joined with its verdict; landing was worth its profit, what it lost and what it paid", () => {
  const [joined] = judgedTrades(
    [trade({ slippage_tolerance_bps: 50 })],
    [verdict({}), verdict({ trade_id: "b", verdict: "clean" })],
  );
  expect(joined?.record).toMatchObject({ verdict: "impacted", lossRatio: 0.01, leader: "L", landed: true });
  expect(joined?.record.feeUsd).toBeCloseTo(1, 9);
  expect(joined?.record.paidUsd).toBeCloseTo(1, 9);
  expect(joined?.record.valueUsd).toBeCloseTo(16, 9);
  expect(joined?.trial).toMatchObject({ outcome: "landed", urgency: "high", tipLamports: 4_000_000 });
  expect(joined?.trial?.toleranceBps).toBe(50);
  expect(joined?.attacker).toBe("mallory");
});

test("a verdict in spite of missing blocks is told apart, and a loss keeps the error of its replay", () => {
  const slot = JSON.stringify([
    { kind: "sandwich", detail: "..." },
    { kind: "slot", detail: "slot 8 was not seen" },
  ]);
  const [whole] = judgedTrades([trade({})], [verdict({ residual: 1e-6, evidence: "[]" })]);
  expect(whole?.record).toMatchObject({ isWhole: true, lossResidual: 1e-6, onChain: true });
  const [partial] = judgedTrades([trade({})], [verdict({ evidence: slot })]);
  expect(partial?.record).toMatchObject({ isWhole: false, verdict: "impacted" });
});

test("what an impacted trade of unknown loss was worth is not known", () => {
  const [joined] = judgedTrades([trade({})], [verdict({ loss_ratio: null, loss_usd: null })]);
  expect(joined?.record).toMatchObject({ lossRatio: null, valueUsd: null });
});

test("a trade that never landed paid nothing, and offered its price times its units", () => {
  const lost = { status: "failed", slot: null, priority_fee_lamports: null, tip_lamports: null };
  const [joined] = judgedTrades(
    [trade({ ...lost, compute_unit_limit: 200_000, compute_unit_price: 5_000_000 })],
    [],
  );
  expect(joined?.record).toMatchObject({
    landed: false,
    onChain: false,
    verdict: null,
    paidUsd: 0,
    valueUsd: null,
  });
  expect(joined?.trial).toMatchObject({ outcome: "expired", priorityFeeLamports: 1_000_000 });
});

test("one that reverted paid its fee and not its tip", () => {
  const [joined] = judgedTrades([trade({ status: "failed" })], []);
  expect(joined?.record.paidUsd).toBeCloseTo(0.2, 9);
  expect(joined?.trial?.outcome).toBe("reverted");
});

test("a tip that the chain shows counts, and is told apart from one that the trade names", () => {
  const silent = { tip_lamports: null, protection: null };
  const seen = { protection: "nozomi", protection_source: "tip", tip_lamports: 2_000_000 } as const;
  const [joined] = judgedTrades([trade(silent)], [verdict(seen)]);
  expect(joined?.record).toMatchObject({ protection: "nozomi", offer: "seen" });
  expect(joined?.record.paidUsd).toBeCloseTo(0.6, 9);
  expect(joined?.trial).toMatchObject({ protection: "nozomi", tipLamports: 2_000_000, offer: "seen" });
  const [named] = judgedTrades(
    [trade({})],
    [verdict({ ...seen, protection: "jito", protection_source: "named" })],
  );
  expect(named?.record).toMatchObject({ protection: "jito", offer: "named" });
  expect(named?.trial?.tipLamports).toBe(2_000_000);
  const [lost] = judgedTrades([trade({ ...silent, status: "failed", slot: null })], []);
  expect(lost?.record).toMatchObject({ protection: "none", offer: "unnamed" });
});
