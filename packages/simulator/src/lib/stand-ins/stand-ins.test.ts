import { decodeTransaction, encodeBase58, encodeMessage, encodeTransaction } from "@slipstream/solana";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Market } from "../market/market.ts";
import { pairs, tokens } from "../market/tokens.ts";
import { type Conditions, type Part, steadyWeather } from "../market/weather.ts";
import { Random } from "../random.ts";
import { Wallet } from "../solana/wallet.ts";
import { SLOT_MS } from "./chain.ts";
import { type StandIns, startStandIns } from "./stand-ins.ts";

const healthy = { latencyFactor: 0.05, failureRate: 0 };
const wallet = new Wallet(new Random("test"));
/** The stand-ins' time, which the tests move. */
let nowMs: number;
let conditions: Record<Part, Conditions>;
let market: Market;
let standIns: StandIns;

beforeEach(async () => {
  nowMs = 0;
  conditions = { node: healthy, jupiter: healthy, store: healthy };
  market = new Market(1);
  standIns = await startStandIns({
    seed: 1,
    market,
    clock: { now: () => nowMs },
    weather: { at: (part) => conditions[part] },
    blockhashSlots: 20,
    attackRate: 0,
    host: "127.0.0.1",
    rpcPort: 0,
    jupiterPort: 0,
    hasStore: true,
  });
});
afterEach(() => standIns.close());

/** The value at a path of a JSON answer: "result.value.0.slot". */
function at(answer: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => {
    if (typeof value !== "object" || value === null) throw new Error(`no ${key} of ${path}`);
    return (value as Record<string, unknown>)[key];
  }, answer);
}

async function post(
  url: string,
  body: unknown,
): Promise<{ status: number; headers: Headers; body: unknown }> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? null : JSON.parse(text) };
}

async function rpc(method: string, params: unknown[] = []): Promise<unknown> {
  return (await post(standIns.nodeUrl, { jsonrpc: "2.0", id: 7, method, params })).body;
}

async function status(signature: string): Promise<unknown> {
  return at(await rpc("getSignatureStatuses", [[signature]]), "result.value.0");
}

async function getQuote(amount = "5000000", slippageBps = 50): Promise<object> {
  const query = new URLSearchParams({
    inputMint: tokens.usdc.mint,
    outputMint: tokens.sol.mint,
    amount,
    slippageBps: String(slippageBps),
  });
  const response = await fetch(`${standIns.jupiterUrl}/swap/v1/quote?${query}`);
  return (await response.json()) as object;
}

/** A signed swap as base64, with its signature. */
async function signedSwap(quote: object, tip = 0): Promise<{ transaction: string; signature: string }> {
  const { body } = await post(`${standIns.jupiterUrl}/swap/v1/swap`, {
    userPublicKey: wallet.address,
    quoteResponse: quote,
    computeUnitPriceMicroLamports: 20_000,
    ...(tip > 0 && { prioritizationFeeLamports: { jitoTipLamports: tip } }),
  });
  const { message } = decodeTransaction(Buffer.from(String(at(body, "swapTransaction")), "base64"));
  const blockhash = at(await rpc("getLatestBlockhash"), "result.value.blockhash");
  const bytes = encodeMessage({ ...message, recentBlockhash: String(blockhash) });
  const signature = wallet.sign(bytes);
  return {
    transaction: Buffer.from(encodeTransaction(bytes, signature)).toString("base64"),
    signature: encodeBase58(signature),
  };
}

const base64 = { encoding: "base64" };

describe("Jupiter", () => {
  test("quotes what the market gives, in the documented form", async () => {
    const quote = await getQuote();
    const out = BigInt(String(at(quote, "outAmount")));
    // 5 USDC at the market's price, less the fee of 2 basis points, in lamports.
    expect(Number(out) / ((5 / market.price(pairs[0], 0)) * 0.9998e9)).toBeCloseTo(1, 3);
    expect(quote).toEqual({
      inputMint: tokens.usdc.mint,
      inAmount: "5000000",
      outputMint: tokens.sol.mint,
      outAmount: String(out),
      otherAmountThreshold: String((out * 9950n) / 10_000n),
      swapMode: "ExactIn",
      slippageBps: 50,
      platformFee: null,
      priceImpactPct: expect.stringMatching(/^\d(\.\d+)?(e-\d+)?$/),
      routePlan: [
        {
          swapInfo: {
            ammKey: pairs[0].pool,
            label: "Whirlpool",
            inputMint: tokens.usdc.mint,
            outputMint: tokens.sol.mint,
            inAmount: "5000000",
            outAmount: String(out),
            feeAmount: "1000",
            feeMint: tokens.usdc.mint,
          },
          percent: 100,
          bps: 10_000,
        },
      ],
      contextSlot: expect.any(Number),
      timeTaken: expect.any(Number),
    });
  });

  test("says why it returns no quote or no swap", async () => {
    expect(await getQuote("-4")).toMatchObject({ errorCode: "INVALID_REQUEST" });
    const same = `${standIns.jupiterUrl}/swap/v1/quote?inputMint=a&outputMint=b&amount=1`;
    expect(await (await fetch(same)).json()).toMatchObject({ errorCode: "COULD_NOT_FIND_ANY_ROUTE" });
    const swap = await post(`${standIns.jupiterUrl}/swap/v1/swap`, { userPublicKey: wallet.address });
    expect(swap).toMatchObject({ status: 400, body: { errorCode: "INVALID_REQUEST" } });
  });
});

describe("RPC node", () => {
  test("handles a swap from its simulation to its balances", async () => {
    const quote = await getQuote("5000000", 1000);
    const { transaction, signature } = await signedSwap(quote);
    const simulated = await rpc("simulateTransaction", [transaction, base64]);
    expect(simulated).toMatchObject({
      jsonrpc: "2.0",
      id: 7,
      result: {
        context: { slot: expect.any(Number) },
        value: { err: null, unitsConsumed: expect.any(Number) },
      },
    });
    expect(await status(signature)).toBeNull();
    expect(await rpc("sendTransaction", [transaction, base64])).toMatchObject({ result: signature });
    nowMs += 30 * SLOT_MS;
    const landed = await status(signature);
    expect(landed).toMatchObject({ err: null, status: { Ok: null }, confirmationStatus: "confirmed" });
    const found = await rpc("getTransaction", [signature, { ...base64, commitment: "confirmed" }]);
    expect(found).toMatchObject({
      result: { slot: at(landed, "slot"), meta: { err: null, fee: 5000 + 4400 } },
    });
    const after = at(found, "result.meta.postTokenBalances.0");
    expect(after).toMatchObject({ owner: wallet.address, mint: tokens.sol.mint });
    const before = at(found, "result.meta.preTokenBalances.0.uiTokenAmount.amount");
    const got = BigInt(String(at(after, "uiTokenAmount.amount"))) - BigInt(String(before));
    expect(got >= BigInt(String(at(quote, "otherAmountThreshold")))).toBe(true);
  });

  test("preflight refuses a swap whose output would be below its minimum; without preflight it reverts and costs the fee", async () => {
    const greedy = { ...(await getQuote()), outAmount: "999999999999", slippageBps: 0 };
    const { transaction, signature } = await signedSwap(greedy);
    const err = { InstructionError: [2, { Custom: 6001 }] };
    expect(await rpc("sendTransaction", [transaction, base64])).toMatchObject({
      error: {
        code: -32002,
        message:
          "Transaction simulation failed: Error processing Instruction 2: custom program error: 0x1771",
        data: { err },
      },
    });
    await rpc("sendTransaction", [transaction, { ...base64, skipPreflight: true }]);
    nowMs += 30 * SLOT_MS;
    expect(await status(signature)).toMatchObject({ err });
    expect(await rpc("getTransaction", [signature, { commitment: "confirmed" }])).toMatchObject({
      result: { meta: { fee: 5000 + 4400, err } },
    });
  });

  test("a bundle that would revert never lands and costs nothing", async () => {
    const { transaction, signature } = await signedSwap(
      { ...(await getQuote()), outAmount: "999999999999", slippageBps: 0 },
      5000,
    );
    const engine = `${standIns.nodeUrl}/api/v1/transactions?bundleOnly=true`;
    const call = {
      jsonrpc: "2.0",
      id: 1,
      method: "sendTransaction",
      params: [transaction, { ...base64, skipPreflight: true }],
    };
    const { body, headers } = await post(engine, call);
    expect(body).toMatchObject({ result: signature });
    expect(headers.get("x-bundle-id")).toMatch(/^[0-9a-f]{64}$/);
    nowMs += 30 * SLOT_MS;
    expect(await status(signature)).toBeNull();
  });

  test("a blockhash expires", async () => {
    const { transaction } = await signedSwap(await getQuote("5000000", 5000));
    nowMs += 21 * SLOT_MS;
    expect(await rpc("sendTransaction", [transaction, base64])).toMatchObject({
      error: {
        code: -32002,
        message: "Transaction simulation failed: Blockhash not found",
        data: { err: "BlockhashNotFound" },
      },
    });
  });

  test("refuses a signature that is not the payer's", async () => {
    const { transaction } = await signedSwap(await getQuote());
    const bytes = Buffer.from(transaction, "base64");
    bytes.writeUInt8(bytes.readUInt8(5) ^ 1, 5);
    const answer = await rpc("sendTransaction", [bytes.toString("base64"), base64]);
    expect(answer).toMatchObject({ error: { code: -32003 } });
  });

  test("answers batches in order, and each kind of bad request with its code", async () => {
    const { body } = await post(standIns.nodeUrl, [
      { jsonrpc: "2.0", id: "a", method: "getSlot" },
      { jsonrpc: "2.0", id: "b", method: "getUnicorn" },
      { jsonrpc: "2.0", id: "c", method: "getHealth" },
    ]);
    expect(body).toMatchObject([
      { id: "a", result: expect.any(Number) },
      { id: "b", error: { code: -32601 } },
      { id: "c", result: "ok" },
    ]);
    expect((await post(standIns.nodeUrl, [])).body).toMatchObject({ error: { code: -32600 } });
    expect(await rpc("sendTransaction", ["???"])).toMatchObject({ error: { code: -32602 } });
    const response = await fetch(standIns.nodeUrl, { method: "POST", body: "{" });
    expect(await response.json()).toMatchObject({ error: { code: -32700 } });
    expect((await fetch(standIns.nodeUrl)).status).toBe(405);
  });

  test("fails in each of its ways", async () => {
    conditions.node = { latencyFactor: 0.05, failureRate: 1 };
    const seen = new Set<string>();
    for (let attempt = 0; attempt < 60; attempt++) {
      const answer = await fetch(standIns.nodeUrl, {
        method: "POST",
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "getSlot" }),
      }).catch(() => undefined);
      if (answer === undefined) seen.add("dropped");
      else if (answer.status !== 200) seen.add(String(answer.status));
      else seen.add(String(at(await answer.json(), "error.code")));
      if (answer !== undefined && !answer.bodyUsed) await answer.text();
    }
    expect([...seen].sort()).toEqual(["-32005", "429", "500", "dropped"]);
  });
});

describe("store", () => {
  test("counts the rows it accepts, and rejects invalid rows", async () => {
    const write = (body: string): Promise<Response> =>
      fetch(`${standIns.storeUrl}/write`, { method: "POST", body });
    expect((await write("trades,pair=SOL/USDC size_usd=4.5 1000\ntrades size_usd=1 2000\n")).status).toBe(
      204,
    );
    expect(standIns.storedRows()).toBe(2);
    const refused = await write("not a row\n");
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ code: "invalid", line: 1 });
    expect(standIns.storedRows()).toBe(2);
  });
});

test("steady weather is as given, and usual for the rest", () => {
  const weather = steadyWeather({ node: { failureRate: 1 } });
  expect(weather.at("node", 0)).toEqual({ latencyFactor: 1, failureRate: 1 });
  expect(weather.at("store", 5000)).toEqual({ latencyFactor: 1, failureRate: 0.002 });
});
