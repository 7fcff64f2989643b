import { encodeMessage, encodeTransaction, priorityFee } from "@slipstream/solana";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import { minimumOut } from "../market/minimum-out.ts";
import { inputToken, pairOf } from "../market/tokens.ts";
import { swapMessage } from "../solana/swap-transaction.ts";
import type { Chain } from "./chain.ts";
import { json, type Place, type Reply, type StandIn, type StandInRequest, serve } from "./server.ts";
import type { Temper } from "./temper.ts";

export interface JupiterOptions {
  readonly chain: Chain;
  readonly temper: Temper;
  readonly clock: Clock;
}

export const QUOTE_PATH = "/swap/v1/quote";
export const SWAP_PATH = "/swap/v1/swap";

const QUOTE_MEDIAN_MS = 32;
const SWAP_MEDIAN_MS = 24;

/** A stand-in for Jupiter's swap API, version 1: quote and swap, ExactIn, one pool per route. */
export function startJupiter(options: JupiterOptions, place: Place): Promise<StandIn> {
  return serve(async (request) => {
    const route = `${request.method} ${request.url.pathname}`;
    if (route === `GET ${QUOTE_PATH}`) return take(options, QUOTE_MEDIAN_MS, () => quote(options, request));
    if (route === `POST ${SWAP_PATH}`) return take(options, SWAP_MEDIAN_MS, () => swap(options, request));
    return refuse(404, "NOT_FOUND", "Route not found");
  }, place);
}

async function take(options: JupiterOptions, medianMs: number, answer: () => Reply): Promise<Reply | "drop"> {
  const fault = await options.temper.take(medianMs);
  if (fault === undefined) return answer();
  if (fault === "dropped") return "drop";
  if (fault === "rate_limited") {
    return json(429, { code: 429, message: "Too many requests" }, { "retry-after": "1" });
  }
  return json(500, { error: "Internal server error", errorCode: "INTERNAL_ERROR" });
}

function refuse(status: number, errorCode: string, error: string): Reply {
  return json(status, { error, errorCode });
}

const atoms = z.string().regex(/^[1-9]\d{0,19}$/);

const quoteQuery = z.object({
  inputMint: z.string(),
  outputMint: z.string(),
  amount: atoms,
  slippageBps: z.coerce.number().int().min(0).max(10_000).default(50),
  swapMode: z.literal("ExactIn").default("ExactIn"),
});

function quote({ chain, clock }: JupiterOptions, { url }: StandInRequest): Reply {
  const started = performance.now();
  const query = quoteQuery.safeParse(Object.fromEntries(url.searchParams));
  if (!query.success) return refuse(400, "INVALID_REQUEST", z.prettifyError(query.error));
  const { inputMint, outputMint, amount, slippageBps, swapMode } = query.data;
  const found = pairOf(inputMint, outputMint);
  if (found === undefined) {
    return refuse(400, "COULD_NOT_FIND_ANY_ROUTE", "Could not find any route");
  }
  const { pair, side } = found;
  const now = clock.now();
  const amountIn = BigInt(amount);
  const { out, impact } = chain.quote(pair, side, amountIn, now);
  const swapInfo = {
    ammKey: pair.pool,
    label: pair.poolLabel,
    inputMint,
    outputMint,
    inAmount: amount,
    outAmount: String(out),
    feeAmount: String((amountIn * BigInt(pair.feeBps)) / 10_000n),
    feeMint: inputToken(pair, side).mint,
  };
  return json(200, {
    inputMint,
    inAmount: amount,
    outputMint,
    outAmount: String(out),
    otherAmountThreshold: String(minimumOut(out, slippageBps)),
    swapMode,
    slippageBps,
    platformFee: null,
    // A ratio despite its name: 0.01 is one percent.
    priceImpactPct: String(impact),
    routePlan: [{ swapInfo, percent: 100, bps: 10_000 }],
    contextSlot: chain.slot(now),
    timeTaken: (performance.now() - started) / 1000,
  });
}

const swapBody = z.looseObject({
  userPublicKey: z.string(),
  computeUnitPriceMicroLamports: z.int().min(0).default(0),
  prioritizationFeeLamports: z.looseObject({ jitoTipLamports: z.int().min(0).default(0) }).optional(),
  quoteResponse: z.looseObject({
    inputMint: z.string(),
    outputMint: z.string(),
    inAmount: atoms,
    outAmount: atoms,
    slippageBps: z.int().min(0).max(10_000),
    routePlan: z
      .array(z.looseObject({ swapInfo: z.looseObject({ ammKey: z.string(), label: z.string() }) }))
      .min(1),
  }),
});

function swap({ chain, clock }: JupiterOptions, { body }: StandInRequest): Reply {
  const parsed = swapBody.safeParse(parseJson(body));
  if (!parsed.success) return refuse(400, "INVALID_REQUEST", z.prettifyError(parsed.error));
  const { userPublicKey, quoteResponse, computeUnitPriceMicroLamports: computeUnitPrice } = parsed.data;
  const { inputMint, outputMint, inAmount, outAmount, slippageBps, routePlan } = quoteResponse;
  // Approximate usage of a route over this pool; concentrated pools use more.
  const computeUnitLimit = routePlan[0]?.swapInfo.label === "Raydium" ? 140_000 : 220_000;
  const { blockhash, lastValidBlockHeight } = chain.latestBlockhash(clock.now());
  const message = swapMessage(
    {
      payer: userPublicKey,
      inputMint,
      outputMint,
      pool: routePlan[0]?.swapInfo.ammKey ?? "",
      amountIn: BigInt(inAmount),
      quotedOut: BigInt(outAmount),
      toleranceBps: slippageBps,
      computeUnitLimit,
      computeUnitPrice,
      tipLamports: parsed.data.prioritizationFeeLamports?.jitoTipLamports ?? 0,
    },
    blockhash,
  );
  let transaction: Uint8Array;
  try {
    transaction = encodeTransaction(encodeMessage(message));
  } catch (error) {
    return refuse(400, "INVALID_REQUEST", error instanceof Error ? error.message : String(error));
  }
  return json(200, {
    swapTransaction: Buffer.from(transaction).toString("base64"),
    lastValidBlockHeight,
    prioritizationFeeLamports: priorityFee(computeUnitLimit, computeUnitPrice),
    computeUnitLimit,
    prioritizationType: { computeBudget: { microLamports: computeUnitPrice } },
    dynamicSlippageReport: null,
    simulationError: null,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
