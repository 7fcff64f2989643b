import type { AttributeValue } from "@opentelemetry/api";
import {
  attribute,
  failureReasons,
  failureWords,
  plainWord,
  tradeSides,
  tradeSources,
} from "@slipstream/conventions";
import { withoutUrlSecrets } from "../redact.ts";
import type { TradeDetails } from "./trade-details.ts";

type Reader = (value: unknown) => AttributeValue | undefined;

/** Longer text is not an id or a name. It may be a signed transaction, so it is left out. */
const LONGEST_TEXT = 128;

const text: Reader = (value) =>
  typeof value === "string" && value !== "" && value.length <= LONGEST_TEXT
    ? withoutUrlSecrets(value)
    : undefined;
const finite: Reader = (value) => (typeof value === "number" && Number.isFinite(value) ? value : undefined);
const nonNegative: Reader = (value) => (typeof value === "number" && value >= 0 ? finite(value) : undefined);
/** A word that is none of them stays as it is: the aggregator counts it as unknown and reports it. */
const oneOf =
  (words: readonly string[]): Reader =>
  (value) => {
    if (typeof value !== "string") return undefined;
    const plain = plainWord(value);
    return words.find((word) => word === plain) ?? text(value);
  };
/** There is one word for success, and there are several for failures. */
const status: Reader = (value) => {
  if (value === "success") return value;
  const word = typeof value === "boolean" || typeof value === "number" ? String(value) : value;
  return typeof word === "string" && failureWords.has(plainWord(word)) ? "failed" : text(word);
};
const atoms: Reader = (value) => {
  if (typeof value === "string") return /^\d{1,78}$/.test(value) ? value : undefined; // 78 digits hold 2^256
  return typeof value === "bigint" && value >= 0n ? value.toString() : undefined;
};
/** A word that is not in the list is a reason too: an unknown one would hide that it was given. */
const failureReason: Reader = (value) => {
  if (typeof value !== "string" || value === "") return undefined;
  const plain = plainWord(value);
  return failureReasons.find((reason) => reason === plain) ?? "other";
};
const count: Reader = (value) => {
  const number = typeof value === "bigint" ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
};

const READERS: { readonly [K in keyof Required<TradeDetails>]: readonly [name: string, read: Reader] } = {
  id: [attribute.tradeId, text],
  pair: [attribute.tradePair, text],
  side: [attribute.tradeSide, oneOf(tradeSides)],
  sizeUsd: [attribute.tradeSizeUsd, nonNegative],
  status: [attribute.tradeStatus, status],
  failureReason: [attribute.tradeFailureReason, failureReason],
  pnlUsd: [attribute.tradePnlUsd, finite],
  quotedOut: [attribute.tradeQuotedOut, atoms],
  actualOut: [attribute.tradeActualOut, atoms],
  minOut: [attribute.tradeMinOut, atoms],
  amountIn: [attribute.tradeAmountIn, atoms],
  tokenIn: [attribute.tradeTokenIn, text],
  tokenOut: [attribute.tradeTokenOut, text],
  pool: [attribute.tradePool, text],
  signature: [attribute.solanaSignature, text],
  signer: [attribute.solanaSigner, text],
  slot: [attribute.solanaSlot, count],
  priorityFeeLamports: [attribute.solanaPriorityFeeLamports, count],
  baseFeeLamports: [attribute.solanaBaseFeeLamports, count],
  computeUnitLimit: [attribute.solanaComputeUnitLimit, count],
  computeUnitPrice: [attribute.solanaComputeUnitPrice, count],
  jitoTipLamports: [attribute.jitoTipLamports, count],
  jitoBundleId: [attribute.jitoBundleId, text],
  protection: [attribute.mevProtection, text],
  latencyMs: [attribute.tradeLatencyMs, nonNegative],
  confirmMs: [attribute.tradeConfirmMs, nonNegative],
  solUsd: [attribute.tradeSolUsd, nonNegative],
  strategy: [attribute.tradeStrategy, text],
  slippageToleranceBps: [attribute.tradeSlippageToleranceBps, nonNegative],
  source: [attribute.tradeSource, oneOf(tradeSources)],
};
const KEYS = Object.keys(READERS) as (keyof TradeDetails)[];

/**
 * Writes the given details into `target`. Invalid details (NaN, a negative count, text too long to be valid)
 * are left out, and an earlier value is kept. Never throws.
 */
export function mergeTradeDetails(
  target: Record<string, AttributeValue | undefined>,
  details: TradeDetails,
): void {
  mergePlainDetails(target, plainDetails(details));
}

/** As `mergeTradeDetails`, for what `plainDetails` returned. */
export function mergePlainDetails(
  target: Record<string, AttributeValue | undefined>,
  details: TradeDetails,
): void {
  for (const key in details) {
    if (!Object.hasOwn(READERS, key)) continue;
    const given: unknown = details[key as keyof TradeDetails];
    if (given === undefined || given === null) continue;
    const [name, read] = READERS[key as keyof TradeDetails];
    const value = read(given);
    if (value !== undefined) target[name] = value;
  }
}

/** What `details` say now, in an object of ours that has no getters. Never throws. */
export function plainDetails(details: TradeDetails): TradeDetails {
  try {
    const prototype: unknown = Object.getPrototypeOf(details);
    if (prototype === Object.prototype || prototype === null) return { ...details };
  } catch {
    // One of them cannot be read; the others can.
  }
  // Of an object of a class, also what it inherits.
  const plain: Record<string, unknown> = {};
  for (const key of KEYS) {
    try {
      plain[key] = details[key];
    } catch {
      // A getter that throws, or not an object: the detail is unknown.
    }
  }
  return plain;
}
