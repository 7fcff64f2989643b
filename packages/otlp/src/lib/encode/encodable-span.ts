import type { Attributes, HrTime, Link, SpanContext, SpanKind, SpanStatus } from "@opentelemetry/api";

/** What the encoder reads of an ended span: the SDK's `ReadableSpan` is one. */
export interface EncodableSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  readonly links: readonly (Link & { readonly droppedAttributesCount?: number })[];
  readonly events: readonly EncodableEvent[];
  readonly parentSpanContext?: SpanContext;
  readonly instrumentationScope: EncodableScope;
  readonly droppedAttributesCount: number;
  readonly droppedEventsCount: number;
  readonly droppedLinksCount: number;
  spanContext(): SpanContext;
}

export interface EncodableEvent {
  readonly time: HrTime;
  readonly name: string;
  readonly attributes?: Attributes;
  readonly droppedAttributesCount?: number;
}

export interface EncodableScope {
  readonly name: string;
  readonly version?: string;
  readonly schemaUrl?: string;
}
