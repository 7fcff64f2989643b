import type { aggregatorMetrics } from "@slipstream/conventions";
import type { AttributeValue } from "@slipstream/otlp/decode";

/** Why a value is not counted; docs/attributes.md explains each. */
export type RefusalReason = (typeof aggregatorMetrics.valuesRefused.labels.reason)[number];

/** Reports a value that is not counted. */
export type Refuse = (attribute: string, reason: RefusalReason, value?: AttributeValue) => void;
