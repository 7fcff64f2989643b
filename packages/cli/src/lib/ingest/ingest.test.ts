import { createServer, type RequestListener } from "node:http";
import type { Swap } from "@slipstream/mev";
import { direction, transactionFee } from "@slipstream/solana";
import { listening } from "@slipstream/testing/listening";
import { describe, expect, it } from "vitest";
import { AggregatorClient } from "../client/aggregator-client.ts";
import { slotInName } from "./read-block-file.ts";
import { sendSpans } from "./send-spans.ts";
import { blockTotals } from "./totals.ts";
import { tradeSpans } from "./trade-spans.ts";

const SOL = "So11111111111111111111111111111111111111112";
const USDC = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v";

const swap = (id: string, over: Partial<Swap> = {}): Swap => ({
  id,
  slot: 42,
  blockTime: 1_700_000_000,
  txIndex: 0,
  eventIndex: 0,
  signature: id.split(":")[0] ?? "",
  signer: "signer",
  program: "router",
  protocol: "RaydiumV4",
  fee: transactionFee(12_000n, 1),
  tipLamports: 900n,
  payer: undefined,
  recipient: undefined,
  pool: "pool",
  tokenIn: USDC,
  tokenOut: SOL,
  amountIn: 2n ** 63n,
  amountOut: 500n,
  reserves: undefined,
  ...over,
});

function attributes(span: ReturnType<typeof tradeSpans>[number] | undefined): Record<string, unknown> {
  return Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]));
}

describe("a swap as a trade", () => {
  it("says what the block says, and nothing else", () => {
    const [span] = tradeSpans([swap("sig:3")], 1_700_000_000);
    expect(span).toMatchObject({
      name: "trade.execute",
      startTimeUnixNano: "1700000000000000000",
      endTimeUnixNano: "1700000000000000000",
    });
    expect(attributes(span)).toEqual({
      "trade.id": "sig:3",
      "trade.source": "block",
      "trade.status": "success",
      "trade.pair": "SOL/USDC",
      "trade.side": "buy",
      "trade.pool": "pool",
      "trade.token_in": USDC,
      "trade.amount_in": "9223372036854775808",
      "trade.token_out": SOL,
      "trade.actual_out": "500",
      "solana.signature": "sig",
      "solana.signer": "signer",
      "solana.slot": "42",
      "solana.base_fee_lamports": "5000",
      "solana.priority_fee_lamports": "7000",
      "jito.tip_lamports": "900",
    });
  });

  it("has what the trader paid and received, fees beside the pool included", () => {
    const [span] = tradeSpans([swap("sig:3", { amountIn: 100n, feeIn: 2n, feeOut: 7n })], 1);
    expect(attributes(span)).toMatchObject({ "trade.amount_in": "102", "trade.actual_out": "493" });
  });

  it("carries the transaction's fees once, and no slot that is not known", () => {
    const [first, second, other] = tradeSpans(
      [swap("a:0"), swap("a:1", { slot: null }), swap("b:0", { fee: undefined })],
      1,
    ).map(attributes);
    expect(first).toHaveProperty(["solana.priority_fee_lamports"], "7000");
    expect(second).not.toHaveProperty(["solana.priority_fee_lamports"]);
    expect(second).not.toHaveProperty(["jito.tip_lamports"]);
    expect(second).not.toHaveProperty(["solana.slot"]);
    expect(other).not.toHaveProperty(["solana.priority_fee_lamports"]);
  });

  it("has ids that are its own and always the same", () => {
    const once = tradeSpans([swap("a:0"), swap("a:1")], 1);
    const again = tradeSpans([swap("a:0", { slot: 7 }), swap("a:1")], 2);
    const ids = once.map(({ traceId, spanId }) => `${traceId} ${spanId}`);
    expect(ids).toEqual(again.map(({ traceId, spanId }) => `${traceId} ${spanId}`));
    expect(new Set(ids).size).toBe(2);
    expect(once[0]?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(once[0]?.spanId).toMatch(/^[0-9a-f]{16}$/);
  });

  it("is quoted in the token that prices are given in", () => {
    expect(direction(SOL, USDC)).toEqual({ pair: "SOL/USDC", side: "sell" });
    expect(direction("Mint", SOL)).toEqual({ pair: "Mint/SOL", side: "sell" });
    expect(direction(SOL, "Mint")).toEqual({ pair: "Mint/SOL", side: "buy" });
    expect(direction("A", "B").pair).toBe(direction("B", "A").pair);
    expect(direction("A", "B").side).not.toBe(direction("B", "A").side);
  });
});

describe("totals", () => {
  it("count a transaction's fees once", () => {
    const totals = blockTotals({
      slot: 42,
      blockTime: 1_700_000_000,
      parentSlot: 41,
      leader: null,
      transactions: 9,
      sent: [],
      failedTransactions: 2,
      swaps: [swap("a:0"), swap("a:1"), swap("b:0", { pool: "other" })],
      transfers: [],
      undecoded: [],
      unread: [],
      attempted: [],
      decodedPrograms: [
        {
          program: "raydium",
          protocol: "RaydiumV4",
          swaps: 3,
          transactions: 2,
          undecoded: 1,
          unread: 2,
          attempted: 0,
          otherInstructions: 0,
        },
      ],
      unknownPrograms: [],
    });
    expect(totals).toMatchObject({
      swaps: 3,
      transactions: 2,
      priorityFeeLamports: "14000",
      baseFeeLamports: "10000",
      programs: [{ program: "raydium", protocol: "RaydiumV4", swaps: 3, undecoded: 3 }],
    });
    expect(totals.pools).toEqual([
      { pool: "pool", tokens: [SOL, USDC], swaps: 2, transactions: 1 },
      { pool: "other", tokens: [SOL, USDC], swaps: 1, transactions: 1 },
    ]);
  });

  it("take the slot from the file's name", () => {
    expect(slotInName("/data/v2/slot_285000037.json")).toBe(285_000_037);
    expect(slotInName("block.json")).toBeNull();
    expect(slotInName("9".repeat(30))).toBeNull();
  });
});

async function server(listener: RequestListener): Promise<AggregatorClient> {
  const port = await listening(createServer(listener));
  return new AggregatorClient({ endpoint: `http://127.0.0.1:${port}/` });
}

describe("sending", () => {
  const spans = tradeSpans(
    Array.from({ length: 10 }, (_, index) => swap(`s${index}:0`)),
    1,
  );

  it("halves requests that are too large for the receiver", async () => {
    const received: number[] = [];
    const client = await server(async (request, response) => {
      let body = "";
      for await (const part of request) body += part;
      const count = body.split('"traceId"').length - 1;
      if (count > 3) response.writeHead(413).end();
      else {
        received.push(count);
        response.end("{}");
      }
    });
    const result = await sendSpans(spans, { client, serviceName: "test" });
    expect(result).toEqual({ refused: 0, reason: undefined });
    expect(received.reduce((sum, count) => sum + count, 0)).toBe(10);
  });

  it("waits where the receiver is busy", async () => {
    let asked = 0;
    const client = await server((_, response) => {
      asked += 1;
      if (asked === 1) response.writeHead(503, { "retry-after": "0" }).end();
      else response.end();
    });
    await sendSpans(spans, { client, serviceName: "test" });
    expect(asked).toBe(2);
  });

  it("tells what was refused, and why", async () => {
    const partial = await server((_, response) => {
      response.end('{"partialSuccess":{"rejectedSpans":"4","errorMessage":"too odd"}}');
    });
    expect(await sendSpans(spans, { client: partial, serviceName: "test" })).toEqual({
      refused: 4,
      reason: "too odd",
    });
    const bad = await server((_, response) => {
      response.writeHead(400).end('{"error":{"code":"x","message":"not so"}}');
    });
    await expect(sendSpans(spans, { client: bad, serviceName: "test" })).rejects.toThrow(
      "answered 400: not so",
    );
    const closed = await server((_, response) => {
      response.writeHead(401).end();
    });
    await expect(sendSpans(spans, { client: closed, serviceName: "test" })).rejects.toThrow("--token");
  });
});

describe("the client", () => {
  it("says who does not answer, and who answers otherwise", async () => {
    const nobody = new AggregatorClient({ endpoint: "http://127.0.0.1:1" });
    await expect(nobody.current()).rejects.toThrow(/No aggregator answers at http:\/\/127\.0\.0\.1:1 \(/);
    const stranger = await server((_, response) => void response.end("<html>"));
    await expect(stranger.current()).rejects.toThrow("not as a Slipstream aggregator");
    const silent = await server(() => undefined);
    const impatient = new AggregatorClient({ endpoint: silent.endpoint, timeoutMs: 50 });
    await expect(impatient.readiness()).rejects.toThrow("no answer in time");
  });
});
