import {
  attribute,
  type FailureReason,
  failureWords,
  lamports,
  limits,
  plainWord,
  spanAttributes,
} from "@slipstream/conventions";
import type { AttributeValue, Span } from "@slipstream/otlp/decode";
import { nameIn, text } from "./attributes.ts";
import type { Fill, Trade } from "./event.ts";
import { Given } from "./given.ts";
import { namedOffer } from "./mev/named-offer.ts";
import { microUsdOf } from "./money.ts";
import type { Refuse } from "./refuse.ts";
import { spanSeconds } from "./span-seconds.ts";
import { slippageError } from "./statistics/slippage-error.ts";

/** Amounts that only the history shows. */
const shown = [spanAttributes.tradeMinOut, spanAttributes.tradeAmountIn];

/** Attributes that are kept as the text they are. */
const texts = [
  spanAttributes.tradeId,
  spanAttributes.tradePair,
  spanAttributes.tradeStrategy,
  spanAttributes.tradeTokenIn,
  spanAttributes.tradeTokenOut,
  spanAttributes.tradePool,
  spanAttributes.solanaSignature,
  spanAttributes.solanaSigner,
  spanAttributes.jitoBundleId,
  spanAttributes.mevProtection,
];

/** OTLP's status code for an error. */
export const STATUS_ERROR = 2;

/**
 * Reads a `trade.execute` span, all of it once. A value that cannot be one is refused, and as good as absent.
 *
 * @param service name of the service, as it is counted
 */
export function tradeOf(span: Span, service: string, refuse: Refuse): Trade {
  const { attributes } = span;
  const given = new Given(attributes, refuse);
  const pnlUsd = given.number(spanAttributes.tradePnlUsd);
  const latencyMs = given.number(spanAttributes.tradeLatencyMs);
  const confirmMs = given.number(spanAttributes.tradeConfirmMs);
  const spanDuration = spanSeconds(span, limits.latencyMs / 1_000, refuse);
  const fee = given.whole(spanAttributes.solanaPriorityFeeLamports);
  const outcome = outcomeOf(span, refuse);
  const quoted = given.amount(spanAttributes.tradeQuotedOut);
  const actual = given.amount(spanAttributes.tradeActualOut);
  for (const attribute of shown) given.amount(attribute);
  given.checkTexts(texts);
  // Each property is written out: to spread an object into one of so many takes longer than all the rest.
  return {
    status: outcome.status,
    failure: outcome.failure,
    side: given.word(spanAttributes.tradeSide),
    source: sourceOf(given),
    seconds: latencyMs === undefined ? spanDuration : latencyMs / 1_000,
    confirmSeconds: confirmMs === undefined ? undefined : confirmMs / 1_000,
    fill: outcome.status === "success" ? fillOf(quoted, actual, refuse) : undefined,
    pnlUsd,
    pnlMicroUsd: pnlUsd === undefined ? undefined : microUsdOf(pnlUsd),
    priorityFeeLamports: fee === undefined ? undefined : lamports(fee),
    baseFeeLamports: given.whole(spanAttributes.solanaBaseFeeLamports),
    computeUnitLimit: given.whole(spanAttributes.solanaComputeUnitLimit),
    computeUnitPrice: given.whole(spanAttributes.solanaComputeUnitPrice),
    slot: given.whole(spanAttributes.solanaSlot),
    solUsd: given.number(spanAttributes.tradeSolUsd),
    slippageToleranceBps: given.number(spanAttributes.tradeSlippageToleranceBps),
    service,
    pair: nameIn(attributes[attribute.tradePair]),
    strategy: nameIn(attributes[attribute.tradeStrategy]),
    sizeUsd: given.number(spanAttributes.tradeSizeUsd),
    named: namedOffer(given),
  };
}

/** Absent: live. */
function sourceOf(given: Given): Trade["source"] {
  const { [attribute.tradeSource]: said = "" } = given.attributes;
  return said === "" ? "live" : (given.word(spanAttributes.tradeSource) ?? "unknown");
}

/** Whether it failed, and why. Only `success` says that it did not. */
function outcomeOf({ attributes, statusCode }: Span, refuse: Refuse): Pick<Trade, "status" | "failure"> {
  const value = attributes[attribute.tradeStatus];
  const word = value === undefined ? undefined : plainWord(String(value));
  const isFailure = word !== undefined && failureWords.has(word);
  if (isFailure || statusCode === STATUS_ERROR) {
    const reason = failureOf(attributes[attribute.tradeFailureReason], refuse);
    return { status: "failed", failure: reason ?? failureWords.get(word ?? "") ?? "unknown" };
  }
  if (value === "success") return { status: "success", failure: undefined };
  if (value === undefined) refuse(attribute.tradeStatus, "absent");
  else refuse(attribute.tradeStatus, value === null ? "wrong_type" : "unknown_word", value);
  return { status: "unknown", failure: undefined };
}

function failureOf(value: AttributeValue | undefined, refuse: Refuse): FailureReason | undefined {
  if (value === null) refuse(attribute.tradeFailureReason, "wrong_type");
  const said = text(value);
  if (said === undefined) return undefined;
  const plain = plainWord(said);
  const reason = spanAttributes.tradeFailureReason.words.find((word) => word === plain);
  if (reason === undefined) refuse(attribute.tradeFailureReason, "unknown_word", value);
  return reason ?? "other";
}

function fillOf(
  quoted: Fill["quoted"] | undefined,
  actual: Fill["actual"] | undefined,
  refuse: Refuse,
): Fill | undefined {
  if (quoted === undefined || actual === undefined || Number(quoted) === 0) return undefined;
  const fill = { quoted, actual };
  if (slippageError(fill) <= limits.slippageRatio) return fill;
  refuse(attribute.tradeActualOut, "implausible", actual);
  return undefined;
}
