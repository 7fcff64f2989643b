import { expect, test } from "vitest";
import { readAnswer } from "../read-answer.ts";
import { readRequest } from "../read-request.ts";
import { quoteAnswer, quoteUrl } from "../testing/jupiter.ts";
import { base64, hosts, SOL, signature, swapDraft, trader, USDC } from "../testing/transactions.ts";

const get = (url: string) => readRequest({ method: "GET", url }, hosts);
const post = (url: string, body: unknown) =>
  readRequest({ method: "POST", url, body: JSON.stringify(body) }, hosts);
const query = new URL(quoteUrl).search;

test.each([
  [quoteUrl, "quote"],
  [`https://swap.provider.example/KEY/v6/quote${query}`, "quote"],
  [`https://api.jup.ag/swap/v2/order${query}&taker=${trader}`, "order"],
  [`https://lite-api.jup.ag/ultra/v1/order${query}`, "order"],
  [`http://127.0.0.1:9000/swap/v2/build${query}`, "build"],
])("%s asks for an offer", (url, operation) => {
  expect(get(url)).toMatchObject([
    {
      kind: "jupiter",
      span: "jupiter.quote",
      operation,
      details: { inputMint: USDC, outputMint: SOL, amount: "250000000", slippageBps: 50 },
    },
  ]);
});

test("what only looks like Jupiter is none of its calls", () => {
  expect(get("https://shop.example/quote?item=7&amount=3")).toEqual([]);
  expect(get(`https://api.jup.ag/swap/v1/program-id-to-label`)).toEqual([]);
  expect(post("https://shop.example/execute", { signedTransaction: "AA" })).toEqual([]);
  expect(post("https://shop.example/swap", { quoteResponse: {}, userPublicKey: trader })).toEqual([]);
});

test("a quote's answer has amounts, limit, impact and route", () => {
  const calls = get(quoteUrl);
  const [outcome] = readAnswer(calls, { status: 200, body: JSON.stringify(quoteAnswer()) });
  expect(outcome).toMatchObject({
    ok: true,
    attributes: {
      "trade.token_in": USDC,
      "trade.token_out": SOL,
      "trade.amount_in": "250000000",
      "trade.quoted_out": "1640000000",
      "trade.min_out": "1631800000",
      "trade.slippage_tolerance_bps": 50,
      "jupiter.price_impact": 0.00012,
      "jupiter.route": "Whirlpool",
    },
    facts: [{ kind: "quote" }],
  });
});

test("a swap names its quote, though the service has changed fields that are not the offer", () => {
  const [quoted] = readAnswer(get(quoteUrl), { status: 200, body: quoteAnswer() });
  const exact = post("https://api.jup.ag/swap/v1/swap", {
    userPublicKey: trader,
    quoteResponse: quoteAnswer({ slippageBps: 80, timeTaken: 1, otherAmountThreshold: "1626880000" }),
  });
  const [fact] = quoted?.facts ?? [];
  expect(exact).toMatchObject([
    {
      span: "jupiter.swap",
      operation: "swap",
      details: {
        quote: { key: fact?.kind === "quote" ? fact.quote.key : "none" },
        taker: trader,
        slippageBps: 80,
      },
    },
  ]);
});

test("a swap's answer has the transaction to sign, without its bytes", () => {
  const calls = post("https://api.jup.ag/swap/v1/swap", {
    userPublicKey: trader,
    quoteResponse: quoteAnswer(),
  });
  const swapTransaction = base64(swapDraft({ signatures: [""] }));
  const [outcome] = readAnswer(calls, {
    status: 200,
    body: { swapTransaction, lastValidBlockHeight: 350_000_123, computeUnitLimit: 140_000 },
  });
  expect(outcome?.facts).toMatchObject([
    { kind: "built", lastValidHeight: 350_000_123, transaction: { signature: undefined, feePayer: trader } },
  ]);
  expect(JSON.stringify(outcome)).not.toContain(swapTransaction.slice(20, 60));
});

test("an order is executed by its request id, with a signature that is known only then", () => {
  const sent = {
    signedTransaction: base64(swapDraft({ signatures: ["", signature(4)] })),
    requestId: "0199a1b2-cafe",
  };
  const calls = post("https://api.jup.ag/swap/v2/execute", sent);
  expect(calls).toMatchObject([
    {
      span: "solana.submit",
      operation: "execute",
      details: { requestId: "0199a1b2-cafe", sent: { signature: undefined } },
    },
  ]);
  const success = {
    status: "Success",
    code: 0,
    signature: signature(7),
    slot: "371000009",
    outputAmountResult: "1639000000",
  };
  expect(readAnswer(calls, { status: 200, body: success })).toMatchObject([
    {
      ok: true,
      facts: [
        {
          kind: "executed",
          failed: false,
          signature: signature(7),
          slot: 371_000_009,
          outAmount: "1639000000",
        },
      ],
    },
  ]);
});

test.each([
  [-1000, "other"],
  [-1005, "expired"],
  [-2, "rejected"],
  [6001, "slippage"],
  [6017, "slippage"],
  [6024, "insufficient_funds"],
  [6008, "reverted"],
])("code %d of an execution is a failed trade: %s", (code, reason) => {
  const calls = post("https://api.jup.ag/ultra/v1/execute", {
    signedTransaction: base64(swapDraft()),
    requestId: "0199a1b2-cafe",
  });
  expect(
    readAnswer(calls, { status: 200, body: { status: "Failed", code, error: "text of no interest" } }),
  ).toMatchObject([
    { ok: false, errorCode: String(code), facts: [{ kind: "executed", failed: true, reason }] },
  ]);
});

test.each([
  [{ [SOL]: { usdPrice: 152.5, decimals: 9 } }],
  [{ data: { [SOL]: { id: SOL, price: "152.5" } } }],
])("the price of SOL is read from %j", (body) => {
  const calls = get(`https://api.jup.ag/price/v3?ids=${SOL}`);
  expect(calls).toMatchObject([{ operation: "price", span: undefined }]);
  expect(readAnswer(calls, { status: 200, body })[0]?.facts).toEqual([{ kind: "sol_price", usd: 152.5 }]);
});

test("an error has Jupiter's code, else that of HTTP", () => {
  const calls = get(quoteUrl);
  const body = { error: "Could not find any route", errorCode: "COULD_NOT_FIND_ANY_ROUTE" };
  expect(readAnswer(calls, { status: 400, body })).toMatchObject([
    {
      ok: false,
      errorCode: "COULD_NOT_FIND_ANY_ROUTE",
      attributes: { "error.type": "COULD_NOT_FIND_ANY_ROUTE" },
      facts: [],
    },
  ]);
  expect(readAnswer(calls, { status: 429 })).toMatchObject([{ ok: false, errorCode: "429" }]);
  expect(readAnswer(calls, {})).toMatchObject([{ ok: undefined, errorCode: undefined }]);
});
