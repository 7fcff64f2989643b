import { attribute, historyTable } from "@slipstream/conventions";
import { run } from "@slipstream/testing/engine/run";
import { START_MS, traces, trade } from "@slipstream/testing/engine/spans";
import fc from "fast-check";
import { expect, test } from "vitest";
import { historyRow, recordOf } from "./rows.ts";

/** A value of its own for each attribute that a trade's row is made of. */
const all = {
  [attribute.tradeId]: "id",
  [attribute.tradePair]: "SOL/USDC",
  [attribute.tradeSide]: "sell",
  [attribute.tradeStatus]: "success",
  [attribute.tradeStrategy]: "strategy",
  [attribute.tradeSizeUsd]: 1.5,
  [attribute.tradePnlUsd]: -2.5,
  [attribute.tradeLatencyMs]: 3.5,
  [attribute.tradeConfirmMs]: 4.5,
  [attribute.tradeSlippageToleranceBps]: 5.5,
  [attribute.tradeQuotedOut]: "1000",
  [attribute.tradeActualOut]: "999",
  [attribute.tradeMinOut]: "998",
  [attribute.tradeAmountIn]: "997",
  [attribute.tradeTokenIn]: "in",
  [attribute.tradeTokenOut]: "out",
  [attribute.tradePool]: "pool",
  [attribute.tradeSolUsd]: 150.5,
  [attribute.solanaSlot]: 101,
  [attribute.solanaSignature]: "signature",
  [attribute.solanaSigner]: "signer",
  [attribute.solanaPriorityFeeLamports]: 102,
  [attribute.solanaBaseFeeLamports]: 103,
  [attribute.jitoTipLamports]: 104,
  [attribute.solanaComputeUnitLimit]: 105,
  [attribute.solanaComputeUnitPrice]: 106,
  [attribute.jitoBundleId]: "bundle",
  [attribute.mevProtection]: "jito",
};

function rowOf(attributes: object) {
  const { rows } = run([traces([trade(START_MS, attributes as never)])]);
  const row = rows.find(({ table }) => table === "trades");
  if (row === undefined) throw new Error("no row");
  return row;
}

test("each value is in its column", () => {
  const { timestamp, trace_id, span_id, ...record } = recordOf(rowOf(all));
  expect(record).toEqual({
    trade_id: "id",
    service: "desk",
    pair: "SOL/USDC",
    side: "sell",
    status: "success",
    source: "live",
    strategy: "strategy",
    protection: "jito",
    size_usd: 1.5,
    pnl_usd: -2.5,
    latency_ms: 3.5,
    confirm_ms: 4.5,
    slippage_bps: 10,
    slippage_tolerance_bps: 5.5,
    quoted_out: "1000",
    actual_out: "999",
    min_out: "998",
    amount_in: "997",
    token_in: "in",
    token_out: "out",
    pool: "pool",
    sol_usd: 150.5,
    slot: 101,
    signature: "signature",
    signer: "signer",
    priority_fee_lamports: 102,
    base_fee_lamports: 103,
    tip_lamports: 104,
    compute_unit_limit: 105,
    compute_unit_price: 106,
    bundle_id: "bundle",
    failure_reason: null,
    desk: "",
  });
  expect([timestamp, trace_id, span_id].map((value) => typeof value)).toEqual(["number", "string", "string"]);
  const failed = { ...all, [attribute.tradeStatus]: "failed", [attribute.tradeFailureReason]: "expired" };
  expect(recordOf(rowOf(failed))).toMatchObject({ status: "failed", failure_reason: "expired" });
});

test("a row is what the table's columns make of its values, whatever a span says", () => {
  const odd = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.double(),
    fc.maxSafeInteger(),
    fc.bigInt(),
    fc.boolean(),
    fc.constantFrom("\ud800", "a\u0000b", -0, 2 ** 60, Number.NaN),
  );
  const attributes = fc.record(
    Object.fromEntries(Object.entries(all).map(([key, value]) => [key, fc.oneof(fc.constant(value), odd)])),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(attributes, (given) => {
      const row = rowOf(given);
      expect(row.values).toHaveLength(historyTable("trades").columns.length);
      expect(row).toEqual(historyRow("trades", recordOf(row) as never));
    }),
    { numRuns: 30 },
  );
});
