export { AttributeValues } from "./lib/decode/attribute-values.ts";
export { keptAttributes } from "./lib/decode/attributes.ts";
export { decodeBatch, decodeMetrics, decodeSteps, decodeTraces } from "./lib/decode/decode.ts";
export { OtlpError } from "./lib/decode/errors.ts";
export type { DecodeLimits } from "./lib/decode/limits.ts";
export type {
  Attributes,
  AttributeValue,
  Batch,
  MetricPoint,
  MetricsBatch,
  OtlpFormat,
  Refusal,
  Resource,
  Span,
  TracesBatch,
} from "./lib/decode/model.ts";
