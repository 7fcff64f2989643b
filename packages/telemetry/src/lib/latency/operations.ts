import { type Attributes, SpanKind, type SpanOptions } from "@opentelemetry/api";
import { semconv, spanName } from "@slipstream/conventions";
import type { HistogramHandle } from "../instruments/handles.ts";
import type { Instruments } from "../instruments/instruments.ts";

const CLIENT_OPERATION = /^(?:solana\.(?!sign$)|jupiter\.|db\.)/;
/** Phases that are a single RPC call if they name its method, and otherwise only contain calls. */
const PHASES: ReadonlySet<string> = new Set([spanName.solanaSubmit, spanName.solanaSimulate]);

const CLIENT: SpanOptions = { kind: SpanKind.CLIENT };
const INTERNAL: SpanOptions = { kind: SpanKind.INTERNAL };

/** Calls over the network are client spans. */
export function spanOptionsOf(operation: string): SpanOptions {
  return CLIENT_OPERATION.test(operation) ? CLIENT : INTERNAL;
}

/** The service metric for an operation's latency, the same as the aggregator derives from its span. */
export function histogramOf(
  operation: string,
  attributes: Attributes | undefined,
  instruments: Instruments,
): HistogramHandle | undefined {
  switch (operation) {
    case spanName.solanaRpc:
      return instruments.solanaNodeLatency;
    case spanName.jupiterQuote:
    case spanName.jupiterSwap:
      return instruments.jupiterApiLatency;
    case spanName.dbWrite:
      return instruments.databaseWriteLatency;
    default:
      return PHASES.has(operation) && attributes?.[semconv.rpcMethod] !== undefined
        ? instruments.solanaNodeLatency
        : undefined;
  }
}
