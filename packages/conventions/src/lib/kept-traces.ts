import { spanName } from "./spans.ts";

/**
 * What `otel-collector/config.yaml` keeps of traces for certain, whatever share of the rest it keeps: each that has a span of one of
 * these names, one whose status is ERROR, or one that took so long; but for health checks that succeed. Exemplars name no other traces.
 */
export const keptSpanNames: readonly string[] = [
  spanName.tradeExecute,
  spanName.jupiterQuote,
  spanName.jupiterSwap,
  spanName.solanaSimulate,
  spanName.solanaSign,
  spanName.solanaSubmit,
  spanName.solanaConfirm,
];

/** The Collector's policy `slow` keeps what takes more than 1,000 whole ms. */
export const KEPT_FROM_MS = 1_001;
