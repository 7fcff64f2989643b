import { attribute } from "@slipstream/conventions";
import { expect, test } from "vitest";
import { tradeSpan } from "./trade-span.ts";

test("the engine gets every detail of a trade, for the history keeps them, and none that cannot be one", () => {
  const details = {
    id: "t1",
    pair: "SOL/USDC",
    side: "buy",
    sizeUsd: 1_200,
    failureReason: "slippage",
    status: "success",
    quotedOut: 12n,
    amountIn: "7000",
    tokenIn: "mint",
    pool: "pool",
    signer: "signer",
    slot: Number.NaN,
    minOut: "many",
  } as const;
  expect(tradeSpan({ details, endMs: 5, durationSeconds: 0.1, failed: true })).toEqual({
    name: "trade.execute",
    endMs: 5,
    durationSeconds: 0.1,
    failed: true,
    attributes: {
      [attribute.tradeId]: "t1",
      [attribute.tradePair]: "SOL/USDC",
      [attribute.tradeSide]: "buy",
      [attribute.tradeSizeUsd]: 1_200,
      [attribute.tradeStatus]: "failed",
      [attribute.tradeFailureReason]: "slippage",
      [attribute.tradeQuotedOut]: "12",
      [attribute.tradeAmountIn]: "7000",
      [attribute.tradeTokenIn]: "mint",
      [attribute.tradePool]: "pool",
      [attribute.solanaSigner]: "signer",
    },
  });
});
