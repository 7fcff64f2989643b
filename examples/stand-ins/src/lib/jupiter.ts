import { randomUUID } from "node:crypto";
import { z } from "zod";
import { computeUnitLimit, type Market, priorityFeeLamports, type Swap } from "./market.ts";
import type { Reply, Request } from "./server.ts";

const USD_PER_SOL = 152.5;
const BPS = 10_000;
const DEFAULT_SLIPPAGE_BPS = 50;
const POOL = "Czfq3xZZDmsdGdUyrNLtRhGc47cXcZtLG4crryfu44zE";

const swapRequest = z.object({
  userPublicKey: z.string(),
  quoteResponse: z.object({
    inputMint: z.string(),
    outputMint: z.string(),
    inAmount: z.coerce.number(),
    outAmount: z.coerce.number(),
  }),
  prioritizationFeeLamports: z.object({ jitoTipLamports: z.number() }).optional(),
});
const executeRequest = z.object({ signedTransaction: z.string(), requestId: z.string() });

/** Answers like Jupiter's Swap API: `quote` and `swap` of version 1, `order` and `execute` of version 2. */
export function jupiter(market: Market): (request: Request) => Reply {
  return ({ method, url, body }) => {
    switch (`${method} ${url.pathname}`) {
      case "GET /swap/v1/quote":
        return { body: { ...offer(url.searchParams, market), timeTaken: 0.004 } };
      case "POST /swap/v1/swap":
        return swap(body, market);
      case "GET /swap/v2/order":
        return order(url.searchParams, market);
      case "POST /swap/v2/execute":
        return execute(body, market);
      default:
        return { status: 404, body: { error: "Not found" } };
    }
  };
}

function offer(query: URLSearchParams, { slot }: Market) {
  const [inputMint, outputMint] = [query.get("inputMint") ?? "", query.get("outputMint") ?? ""];
  const inAmount = Number(query.get("amount"));
  const slippageBps = Number(query.get("slippageBps") ?? DEFAULT_SLIPPAGE_BPS);
  const outAmount = Math.round((inAmount / USD_PER_SOL) * 1_000);
  const leg = { inputMint, inAmount: String(inAmount), outputMint, outAmount: String(outAmount) };
  return {
    ...leg,
    otherAmountThreshold: String(Math.round(outAmount * (1 - slippageBps / BPS))),
    swapMode: "ExactIn",
    slippageBps,
    platformFee: null,
    priceImpactPct: "0.00012",
    routePlan: [{ swapInfo: { ammKey: POOL, label: "Whirlpool", ...leg }, percent: 100, bps: BPS }],
    contextSlot: slot,
  };
}

function swap(body: unknown, market: Market): Reply {
  const { userPublicKey, quoteResponse, prioritizationFeeLamports } = swapRequest.parse(body);
  const built = market.build({
    taker: userPublicKey,
    inMint: quoteResponse.inputMint,
    outMint: quoteResponse.outputMint,
    inAmount: quoteResponse.inAmount,
    outAmount: landed(quoteResponse.outAmount),
    tipLamports: prioritizationFeeLamports?.jitoTipLamports ?? 0,
  });
  return {
    body: {
      swapTransaction: built.transaction,
      lastValidBlockHeight: built.swap.lastValidBlockHeight,
      prioritizationFeeLamports: priorityFeeLamports,
      computeUnitLimit,
      dynamicSlippageReport: null,
      simulationError: null,
    },
  };
}

function order(query: URLSearchParams, market: Market): Reply {
  const offered = offer(query, market);
  const taker = query.get("taker") ?? "";
  const built = market.build({
    taker,
    inMint: offered.inputMint,
    outMint: offered.outputMint,
    inAmount: Number(offered.inAmount),
    outAmount: landed(Number(offered.outAmount)),
    tipLamports: 0,
  });
  return {
    body: {
      ...offered,
      mode: "manual",
      swapType: "aggregator",
      router: "iris",
      requestId: randomUUID(),
      transaction: built.transaction,
      lastValidBlockHeight: String(built.swap.lastValidBlockHeight),
      prioritizationFeeLamports: priorityFeeLamports,
      signatureFeeLamports: 5_000,
      rentFeeLamports: 0,
      feeBps: 0,
      gasless: false,
      taker,
      totalTime: 12,
    },
  };
}

/** A little less than what was offered. */
function landed(outAmount: number): number {
  return Math.round(outAmount * 0.999);
}

function execute(body: unknown, market: Market): Reply {
  const sent = market.sent(executeRequest.parse(body).signedTransaction);
  if (sent === undefined) return { status: 400, body: { error: "Order not found", code: -1 } };
  const { signature } = sent;
  const slot = String(market.slot);
  if (sent.fate === "expired")
    return { body: { status: "Failed", signature, slot, code: -1005, error: "Transaction expired" } };
  if (sent.fate === "slippage")
    return { body: { status: "Failed", signature, slot, code: 6001, error: "Slippage tolerance exceeded" } };
  market.look(sent);
  return { body: { status: "Success", signature, slot, code: 0, ...amounts(sent) } };
}

function amounts({ inMint, outMint, inAmount, outAmount }: Swap): object {
  const [inputAmountResult, outputAmountResult] = [String(inAmount), String(outAmount)];
  return {
    totalInputAmount: inputAmountResult,
    totalOutputAmount: outputAmountResult,
    inputAmountResult,
    outputAmountResult,
    swapEvents: [
      {
        inputMint: inMint,
        inputAmount: inputAmountResult,
        outputMint: outMint,
        outputAmount: outputAmountResult,
      },
    ],
  };
}
