import type { Attributes, AttributeValue } from "@opentelemetry/api";
import { attribute } from "@slipstream/conventions";
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
const oneOf =
  (...allowed: readonly string[]): Reader =>
  (value) =>
    typeof value === "string" && allowed.includes(value) ? value : undefined;
const atoms: Reader = (value) => (typeof value === "bigint" && value >= 0n ? value.toString() : undefined);
const count: Reader = (value) => {
  const number = typeof value === "bigint" ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
};

const READERS: { readonly [K in keyof Required<TradeDetails>]: readonly [name: string, read: Reader] } = {
  id: [attribute.tradeId, text],
  pair: [attribute.tradePair, text],
  side: [attribute.tradeSide, oneOf("buy", "sell")],
  sizeUsd: [attribute.tradeSizeUsd, nonNegative],
  status: [attribute.tradeStatus, oneOf("success", "failed")],
  pnlUsd: [attribute.tradePnlUsd, finite],
  quotedOut: [attribute.tradeQuotedOut, atoms],
  actualOut: [attribute.tradeActualOut, atoms],
  minOut: [attribute.tradeMinOut, atoms],
  signature: [attribute.solanaSignature, text],
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
  source: [attribute.tradeSource, oneOf("live", "block")],
};
const KEYS = Object.keys(READERS) as (keyof TradeDetails)[];

/**
 * Writes the given details into `target`. Invalid details (NaN, a negative count, text too long to be valid)
 * are left out, and an earlier value is kept. Never throws.
 */
export function mergeTradeDetails(target: Attributes, details: TradeDetails): void {
  for (const key of KEYS) {
    try {
      const given: unknown = details[key];
      if (given === undefined || given === null) continue;
      const [name, read] = READERS[key];
      const value = read(given);
      if (value !== undefined) target[name] = value;
    } catch {
      // A getter that throws, or not an object: the detail is unknown.
    }
  }
}
