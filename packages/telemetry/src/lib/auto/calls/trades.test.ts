import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { context, SpanStatusCode, trace } from "@opentelemetry/api";
import { builtTransaction, limitData, priceData } from "@slipstream/testing/build-transaction";
import { eventually } from "@slipstream/testing/eventually";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { recordingTracer } from "../../../testing/recording.ts";
import { InstrumentSet } from "../../instruments/instrument-set.ts";
import { followTransports } from "../transport/install.ts";
import { RequestObserver } from "./request-observer.ts";

const { tracer, spans } = recordingTracer();
const instruments = new InstrumentSet();
const problems: string[] = [];
const observer = new RequestObserver(
  { tracer, instruments: instruments.handles, onError: (error) => problems.push(String(error)) },
  { jupiter: [], jito: [] },
);
const transports = followTransports(observer, (problem) => problems.push(problem));

const USDC = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v";
const SOL = "So11111111111111111111111111111111111111112";
const TRADER = "9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM";
const SIGNATURE = "5VERv8NMvzbJMEkV8xnrLkEaWRtSz9CosKDYjCJjBRnbJLgp8uirBgmQkjKhoR4tjF3ZpRzrFmBV6UjKdiSZkQUW";
const unsigned = {
  version: 0,
  payer: TRADER,
  blockhash: SOL,
  signatures: [""],
  instructions: [
    { program: "ComputeBudget111111111111111111111111111111", accounts: [], data: limitData(140_000) },
    { program: "ComputeBudget111111111111111111111111111111", accounts: [], data: priceData(50_000n) },
    { program: "JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4", accounts: [TRADER], data: new Uint8Array(27) },
  ],
} as const;
const quote = {
  inputMint: USDC,
  inAmount: "250000000",
  outputMint: SOL,
  outAmount: "1640000000",
  otherAmountThreshold: "1631800000",
  swapMode: "ExactIn",
  slippageBps: 50,
  priceImpactPct: "0.0001",
  routePlan: [],
};

let status: object | null = null;
const server = createServer(async (request, response) => {
  const body = await text(request);
  const result = (value: unknown): object => ({ jsonrpc: "2.0", id: 1, result: value });
  const answer = request.url?.includes("/quote")
    ? quote
    : request.url?.includes("/swap")
      ? { swapTransaction: builtTransaction(unsigned).toString("base64"), lastValidBlockHeight: 350 }
      : body.includes("sendTransaction")
        ? result(SIGNATURE)
        : result({ context: { slot: 371_000_005 }, value: [status] });
  response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeEach(() => {
  spans.length = 0;
  status = null;
});
afterEach(() => observer.settle());
afterAll(() => {
  transports.remove();
  server.closeAllConnections();
  server.close();
});

async function post(path: string, body: unknown): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  return (await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) })).json();
}
const rpc = (method: string, params: unknown[]): Promise<unknown> =>
  post("/", { jsonrpc: "2.0", id: 1, method, params });

/** What a service does for one trade, without a line about telemetry. */
async function tradeOnce(): Promise<void> {
  const query = `inputMint=${USDC}&outputMint=${SOL}&amount=250000000&slippageBps=50`;
  const quoteResponse = await (await fetch(`${url}/swap/v1/quote?${query}`)).json();
  await post("/swap/v1/swap", { quoteResponse, userPublicKey: TRADER });
  const signed = builtTransaction({ ...unsigned, signatures: [SIGNATURE] }).toString("base64");
  await rpc("sendTransaction", [signed, { encoding: "base64" }]);
  await rpc("getSignatureStatuses", [[SIGNATURE]]);
  status = { slot: 371_000_004, confirmations: 1, err: null, confirmationStatus: "confirmed" };
  await rpc("getSignatureStatuses", [[SIGNATURE]]);
}
const root = () => spans.find(({ name }) => name === "trade.execute");

test("quote, swap, send and confirmation of an unchanged service are one trade, counted once", async () => {
  const parent = tracer.startSpan("order");
  await context.with(trace.setSpan(context.active(), parent), tradeOnce);
  const trade = await eventually("the trade has ended", root);
  expect(trade.attributes).toMatchObject({
    "trade.pair": "SOL/USDC",
    "trade.side": "buy",
    "trade.status": "success",
    "trade.quoted_out": "1640000000",
    "trade.latency_ms": expect.any(Number),
    "trade.confirm_ms": expect.any(Number),
    "solana.signature": SIGNATURE,
    "solana.slot": 371_000_004,
    "solana.priority_fee_lamports": 7_000,
  });
  expect(trade.parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
  const { spanId } = trade.spanContext();
  const children = spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === spanId);
  expect(children.map(({ name }) => name).sort()).toEqual(
    [
      "jupiter.quote",
      "jupiter.swap",
      "solana.sign",
      "solana.submit",
      "solana.rpc",
      "solana.rpc",
      "solana.confirm",
    ].sort(),
  );
  expect(spans).toHaveLength(8);
  const { trades, tradeExecutionLatency, priorityFeesPaid } = instruments.handles;
  expect([trades.success.value, trades.failed.value, priorityFeesPaid.value]).toEqual([1, 0, 7_000]);
  expect(tradeExecutionLatency.histogram.count).toBe(1);
  expect(problems).toEqual([]);
});

test("a quote that nobody takes is a span of its own, at the latest when the process exits", async () => {
  await (await fetch(`${url}/swap/v1/quote?inputMint=${USDC}&outputMint=${SOL}&amount=7`)).json();
  observer.settle();
  expect(spans.map(({ name, status }) => [name, status.code])).toEqual([
    ["jupiter.quote", SpanStatusCode.UNSET],
  ]);
});
