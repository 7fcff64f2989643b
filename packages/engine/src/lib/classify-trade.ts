import { attribute, type FailureReason, failureReasons, lamports } from "@slipstream/conventions";
import type { AttributeValue, Span } from "@slipstream/otlp/decode";
import { amount, finite, nameIn, nonNegative, text } from "./attributes.ts";
import type { Fill, Trade } from "./event.ts";
import { namedOffer } from "./mev/own-trade.ts";
import { microUsdOf } from "./money.ts";

/** OTLP's status code for an error. */
export const STATUS_ERROR = 2;

/**
 * Reads a `trade.execute` span. A value of the wrong type or sign is as good as none.
 *
 * @param service name of the service, as it is counted
 */
export function tradeOf(span: Span, service: string): Trade {
  const { attributes } = span;
  const latencyMs = plausibleMs(attributes[attribute.tradeLatencyMs]);
  const confirmMs = plausibleMs(attributes[attribute.tradeConfirmMs]);
  const pnlUsd = finite(attributes[attribute.tradePnlUsd]);
  const fee = amount(attributes[attribute.solanaPriorityFeeLamports]);
  const failed = attributes[attribute.tradeStatus] === "failed" || span.statusCode === STATUS_ERROR;
  return {
    failed,
    failure: failed ? failureOf(attributes[attribute.tradeFailureReason]) : undefined,
    fromBlock: attributes[attribute.tradeSource] === "block",
    seconds: latencyMs === undefined ? span.durationSeconds : latencyMs / 1_000,
    confirmSeconds: confirmMs === undefined ? undefined : confirmMs / 1_000,
    fill: failed ? undefined : fillOf(span),
    pnlMicroUsd: pnlUsd === undefined ? undefined : microUsdOf(pnlUsd),
    priorityFeeLamports: fee === undefined ? undefined : lamports(fee),
    service,
    pair: nameIn(attributes[attribute.tradePair]),
    strategy: nameIn(attributes[attribute.tradeStrategy]),
    sizeUsd: nonNegative(attributes[attribute.tradeSizeUsd]),
    protection: namedOffer(span).protection ?? undefined,
  };
}

function failureOf(value: AttributeValue | undefined): FailureReason | "unknown" {
  const said = text(value);
  if (said === undefined) return "unknown";
  return failureReasons.find((reason) => reason === said) ?? "other";
}

/** Thirty years at most, so that a few absurd values cannot drive a sum to infinity. */
function plausibleMs(value: AttributeValue | undefined): number | undefined {
  const ms = nonNegative(value);
  return ms !== undefined && ms <= 1e12 ? ms : undefined;
}

function fillOf({ attributes }: Span): Fill | undefined {
  const quoted = amount(attributes[attribute.tradeQuotedOut]);
  const actual = amount(attributes[attribute.tradeActualOut]);
  return quoted === undefined || actual === undefined || Number(quoted) === 0
    ? undefined
    : { quoted, actual };
}
