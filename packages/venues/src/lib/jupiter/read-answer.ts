import { attribute, type FailureReason, semconv } from "@slipstream/conventions";
import { wrappedSol } from "@slipstream/solana";
import { programFailure } from "../chain/failure.ts";
import { atoms, signatureText } from "../chain/names.ts";
import { defined } from "../defined.ts";
import type { ExecutedFact, Quote, TradeFact } from "../facts.ts";
import { bodyValue, field, isObject, text, whole } from "../json.ts";
import { dataHash } from "../transaction/message-hash.ts";
import { sentTransaction } from "../transaction/sent-transaction.ts";
import type { AttributeValues, CallOutcome, VenueAnswer } from "../venue.ts";
import type { JupiterCall } from "../venue-call.ts";
import { requestIdOf } from "./read-call.ts";
import { readQuote } from "./read-quote.ts";

const LONGEST_CODE = 64;
const MOST_LABELS = 8;

/** What an answer of Jupiter says. */
export function readJupiterAnswer(call: JupiterCall, answer: VenueAnswer): CallOutcome {
  const body = bodyValue(answer.body);
  const code = errorCodeOf(call, body, answer.status);
  const ok = code !== undefined ? false : isObject(body) || isFine(answer.status) ? true : undefined;
  const facts = ok === undefined ? [] : factsOf(call, body, ok, answer.status);
  const quote = facts.flatMap((fact) => (fact.kind === "quote" ? fact.quote : []))[0];
  return { ok, errorCode: code, slot: undefined, attributes: attributesOf(call, quote, code), facts };
}

function isFine(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 300;
}

/** Jupiter's own code if there is one, else the status of HTTP; undefined if nothing went wrong. */
function errorCodeOf(
  { operation }: JupiterCall,
  body: unknown,
  status: number | undefined,
): string | undefined {
  const failedStatus = status !== undefined && status >= 400;
  const word = text(field(body, "errorCode"), LONGEST_CODE);
  if (operation === "execute" && field(body, "status") === "Failed")
    return String(integer(field(body, "code")) ?? "failed");
  if (word !== undefined && /^[A-Za-z_]+$/.test(word)) return word;
  const number = integer(field(body, "code"));
  if (number !== undefined && number < 0) return String(number);
  if (failedStatus) return String(status);
  // An order may be answered without a transaction, and says why.
  const error = field(body, "error") ?? field(body, "errorMessage");
  return typeof error === "string" && error !== "" ? "error" : undefined;
}

function integer(value: unknown): number | undefined {
  const number = typeof value === "bigint" ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}

/** A whole number. The height of an order and the slot of an execution are texts. */
function wholeOrText(value: unknown): number | undefined {
  return whole(typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value);
}

function factsOf(
  call: JupiterCall,
  body: unknown,
  ok: boolean,
  status: number | undefined,
): readonly TradeFact[] {
  const { operation, details } = call;
  switch (operation) {
    case "quote":
      return ok ? quoteFacts(body) : [];
    case "order":
    case "build":
      // An order that cannot be executed is still an offer.
      return [...quoteFacts(body), ...builtFacts(body)];
    case "swap":
      return ok ? builtFacts(body) : [];
    case "price":
      return priceFacts(body);
    case "submit":
      return ok
        ? [
            {
              kind: "accepted",
              signature: signatureText(field(body, "signature")) ?? details.sent?.signature,
            },
          ]
        : [{ kind: "refused", isCertain: status !== undefined && status < 500, reason: "rejected" }];
    case "execute":
      return executedFacts(call, body, status);
  }
}

function quoteFacts(body: unknown): readonly TradeFact[] {
  const quote = readQuote(body);
  if (quote === undefined) return [];
  return [{ kind: "quote", quote, requestId: requestIdOf(field(body, "requestId")) }];
}

function builtFacts(body: unknown): readonly TradeFact[] {
  const text = field(body, "swapTransaction") ?? field(body, "transaction");
  const transaction = sentTransaction(text, "base64");
  const data = field(field(body, "swapInstruction"), "data");
  const hash = typeof data === "string" ? dataHash(data) : undefined;
  const requestId = requestIdOf(field(body, "requestId"));
  const height =
    field(body, "lastValidBlockHeight") ??
    field(field(body, "blockhashWithMetadata"), "lastValidBlockHeight");
  if (transaction === undefined && hash === undefined) return [];
  const swapHashes = transaction?.swapHashes ?? (hash === undefined ? [] : [hash]);
  return [{ kind: "built", transaction, swapHashes, lastValidHeight: wholeOrText(height), requestId }];
}

/** Of Jupiter's own limits; the rest says that the network did not take it, or not in time. */
const rejected: ReadonlySet<number> = new Set([-1, -2, -3, -4, -5, -1002, -1003, -1004, -1007, -2002, -2004]);
const expired: ReadonlySet<number> = new Set([-1005, -2003]);

function executedFacts(
  { details }: JupiterCall,
  body: unknown,
  status: number | undefined,
): readonly TradeFact[] {
  const [said, code] = [field(body, "status"), integer(field(body, "code"))];
  const signature = signatureText(field(body, "signature")) ?? details.sent?.signature;
  if (said !== "Success" && said !== "Failed" && !(code !== undefined && code < 0)) {
    const isCertain = status !== undefined && status >= 400 && status < 500;
    return isCertain ? [{ kind: "refused", isCertain, reason: "rejected" }] : [];
  }
  const failed = said !== "Success";
  const executed: ExecutedFact = {
    kind: "executed",
    requestId: details.requestId,
    signature,
    slot: wholeOrText(field(body, "slot")),
    failed,
    reason: failed ? reasonOf(code) : undefined,
    inAmount: failed
      ? undefined
      : (atoms(field(body, "inputAmountResult")) ?? atoms(field(body, "totalInputAmount"))),
    outAmount: failed
      ? undefined
      : (atoms(field(body, "outputAmountResult")) ?? atoms(field(body, "totalOutputAmount"))),
  };
  return [executed];
}

function reasonOf(code: number | undefined): FailureReason {
  if (code === undefined) return "other";
  if (rejected.has(code)) return "rejected";
  if (expired.has(code)) return "expired";
  return code > 0 ? programFailure(code) : "other";
}

/** Of an answer by mint, with `usdPrice` (version 3) or `price` as a text (version 2, in `data`). */
function priceFacts(body: unknown): readonly TradeFact[] {
  const token = field(body, wrappedSol) ?? field(field(body, "data"), wrappedSol);
  const price = Number(field(token, "usdPrice") ?? field(token, "price"));
  return Number.isFinite(price) && price > 0 ? [{ kind: "sol_price", usd: price }] : [];
}

function attributesOf(
  call: JupiterCall,
  quote: Quote | undefined,
  code: string | undefined,
): AttributeValues {
  const { inputMint, outputMint, slippageBps } = call.details;
  const route = quote === undefined ? [] : [...new Set(quote.labels)].slice(0, MOST_LABELS);
  return defined({
    "jupiter.operation": call.operation,
    [attribute.tradeTokenIn]: inputMint,
    [attribute.tradeTokenOut]: outputMint,
    [attribute.tradeAmountIn]: quote?.inAmount,
    [attribute.tradeQuotedOut]: quote?.outAmount,
    [attribute.tradeMinOut]: quote?.exactOut === true ? undefined : quote?.threshold,
    [attribute.tradeSlippageToleranceBps]: quote?.slippageBps ?? slippageBps,
    "jupiter.price_impact": quote?.priceImpact,
    "jupiter.route": route.length === 0 ? undefined : route.join(" > "),
    [semconv.errorType]: code,
  });
}
