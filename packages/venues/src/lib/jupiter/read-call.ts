import { type SpanName, spanName } from "@slipstream/conventions";
import { address, atoms } from "../chain/names.ts";
import { field, text } from "../json.ts";
import type { Target } from "../target.ts";
import { sentTransaction } from "../transaction/sent-transaction.ts";
import type { JupiterCall } from "../venue-call.ts";
import type { JupiterOperation, JupiterRequest } from "./jupiter-request.ts";
import { readQuote } from "./read-quote.ts";

const requestIdForm = /^[\w-]{8,64}$/;
const pricePath = /\/price(?:\/v\d)?$/;

/**
 * A call of Jupiter's API, told by the end of its path and its parameters: the same API answers under many hosts and paths. undefined if it
 * is none.
 * @param body the value of the request's JSON
 */
export function jupiterCall(method: string, { path, query }: Target, body: unknown): JupiterCall | undefined {
  const end = path.slice(path.lastIndexOf("/") + 1);
  if (method === "GET") {
    if (pricePath.test(path)) return query.has("ids") ? call("price", {}) : undefined;
    if (end !== "quote" && end !== "order" && end !== "build") return undefined;
    const details = offerAsked(query);
    return details === undefined ? undefined : call(end, details);
  }
  if (method !== "POST") return undefined;
  switch (end) {
    case "swap":
    case "swap-instructions":
      return swapCall(body);
    case "execute":
    case "submit":
      return sendCall(end, body);
    default:
      return undefined;
  }
}

function call(operation: JupiterOperation, details: JupiterRequest): JupiterCall {
  return { kind: "jupiter", span: spans[operation], operation, details };
}

const spans: Readonly<Record<JupiterOperation, SpanName | undefined>> = {
  quote: spanName.jupiterQuote,
  order: spanName.jupiterQuote,
  build: spanName.jupiterQuote,
  swap: spanName.jupiterSwap,
  execute: spanName.solanaSubmit,
  submit: spanName.solanaSubmit,
  price: undefined,
};

function offerAsked(query: URLSearchParams): JupiterRequest | undefined {
  const [inputMint, outputMint] = [address(query.get("inputMint")), address(query.get("outputMint"))];
  const amount = atoms(query.get("amount"));
  if (inputMint === undefined || outputMint === undefined || amount === undefined) return undefined;
  const slippage = query.get("slippageBps");
  return {
    inputMint,
    outputMint,
    amount,
    exactOut: query.get("swapMode") === "ExactOut",
    slippageBps: slippage === null || !/^\d{1,5}$/.test(slippage) ? undefined : Number(slippage),
    taker: address(query.get("taker")),
  };
}

function swapCall(body: unknown): JupiterCall | undefined {
  const quote = readQuote(field(body, "quoteResponse"));
  const taker = address(field(body, "userPublicKey"));
  if (quote === undefined || taker === undefined) return undefined;
  const { inputMint, outputMint, inAmount, outAmount, exactOut, slippageBps } = quote;
  const amount = exactOut ? outAmount : inAmount;
  return call("swap", { inputMint, outputMint, amount, exactOut, slippageBps, taker, quote });
}

function sendCall(operation: "execute" | "submit", body: unknown): JupiterCall | undefined {
  const signed = field(body, "signedTransaction");
  const requestId = requestIdOf(field(body, "requestId"));
  if (typeof signed !== "string" || (operation === "execute" && requestId === undefined)) return undefined;
  return call(operation, { requestId, sent: sentTransaction(signed, "base64") });
}

export function requestIdOf(value: unknown): string | undefined {
  const found = text(value, 64);
  return found !== undefined && requestIdForm.test(found) ? found : undefined;
}
