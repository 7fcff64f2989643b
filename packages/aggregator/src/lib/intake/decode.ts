import { hasCode } from "@slipstream/conventions";
import { type Batch, type DecodeLimits, decodeSteps, type OtlpFormat } from "@slipstream/otlp/decode";
import { HttpError } from "../server/http-error.ts";
import type { InFlight } from "./in-flight.ts";
import { formatMistaken, signalMistaken } from "./mistaken.ts";

/**
 * What a request may hold. An OpenTelemetry Collector sends 8,192 spans at once if it is set up as usual, and an SDK up to 128
 * attributes, events and links in a span, each event and link with 128 attributes.
 */
export const intakeLimits: DecodeLimits = {
  maxItems: 131_072,
  maxItemValues: 262_144,
  maxItemBytes: 1024 * 1024,
};

/**
 * Decodes a body, step by step.
 * @throws HttpError 400 if it is not OTLP, 413 if it holds more than it may, 429 if all requests together do
 */
export function* decode(
  kind: Batch["kind"],
  body: Uint8Array,
  format: OtlpFormat,
  inFlight: InFlight,
): Generator<unknown, Batch> {
  const steps = decodeSteps(kind, body, format, intakeLimits);
  let counted = 0;
  const count = (items: number): void => {
    inFlight.addItems(items - counted);
    counted = items;
  };
  try {
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) {
        const items = itemsOf(step.value);
        if (items === 0) throwIf(signalMistaken(kind, body, format));
        count(Math.max(counted, items));
        return step.value;
      }
      count(step.value);
      yield;
    }
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal !== error) throwIf(formatMistaken(body, format) ?? signalMistaken(kind, body, format));
    throw refusal;
  }
}

function throwIf(error: Error | undefined): void {
  if (error !== undefined) throw error;
}

function itemsOf(batch: Batch): number {
  return batch.kind === "traces" ? batch.spans.length : batch.points.length + batch.resources.length;
}

function refusalOf(error: unknown): unknown {
  const isTooMuch = hasCode(error, "too_many", "too_large");
  if (!isTooMuch && !hasCode(error, "truncated", "malformed", "wrong_type")) return error;
  const { code, message, field } = error;
  return new HttpError(isTooMuch ? 413 : 400, code, message, field === undefined ? {} : { field });
}
