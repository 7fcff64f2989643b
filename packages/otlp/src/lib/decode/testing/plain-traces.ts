import { AttributeValues } from "../attribute-values.ts";
import { coerce, keptAttributes } from "../attributes.ts";
import type { Refusal, Resource, Span, TracesBatch } from "../model.ts";
import { RefusalCount } from "../refusals.ts";
import { makeSpan, SpanDraft } from "../span.ts";
import {
  enumOf,
  field,
  forEachAttribute,
  forEachIn,
  idField,
  type JsonObject,
  objectField,
  parseJson,
  resourceOf,
  scalarOf,
  setTimeField,
  textField,
} from "./plain-json.ts";

const kept = new Map(keptAttributes.map((attribute) => [attribute.name, attribute]));

const KINDS = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"].map(
  (name) => `SPAN_KIND_${name}`,
);
const STATUS_CODES = ["UNSET", "OK", "ERROR"].map((name) => `STATUS_CODE_${name}`);

/** Reads an ExportTraceServiceRequest in OTLP/JSON. */
export function readTracesJson(body: Uint8Array): TracesBatch {
  const spans: Span[] = [];
  const refusals: Refusal[] = [];
  const draft = new SpanDraft();
  forEachIn(parseJson(body), "", ["resourceSpans", "resource_spans"], (resourceSpans, where) => {
    const resource = resourceOf(resourceSpans, where);
    const refused = new RefusalCount();
    forEachIn(resourceSpans, where, ["scopeSpans", "scope_spans"], (scopeSpans, within) => {
      forEachIn(scopeSpans, within, ["spans", "spans"], (item, at) => {
        const span = spanOf(item, at, resource, draft);
        if (typeof span === "string") refused.add(span);
        else spans.push(span);
      });
    });
    refused.report(resource, refusals);
  });
  return { kind: "traces", spans, refusals };
}

function spanOf(item: JsonObject, where: string, resource: Resource, draft: SpanDraft): Span | string {
  draft.clear();
  const trace = idField(item, where, "traceId", "trace_id");
  draft.traceIdBytes = (trace?.length ?? 0) * 4;
  [draft.trace0 = 0, draft.trace1 = 0, draft.trace2 = 0, draft.trace3 = 0] = trace ?? [];
  const span = idField(item, where, "spanId", "span_id");
  draft.spanIdBytes = (span?.length ?? 0) * 4;
  [draft.span0 = 0, draft.span1 = 0] = span ?? [];
  const parent = idField(item, where, "parentSpanId", "parent_span_id");
  if (parent?.length === 2) {
    [draft.parent0 = 0, draft.parent1 = 0] = parent;
    draft.hasParent = (draft.parent0 | draft.parent1) !== 0;
  } else draft.hasParent = parent?.length !== 0;
  draft.name = textField(item, where, "name");
  draft.kind = enumOf(field(item, "kind"), KINDS);
  setTimeField(draft.start, item, "startTimeUnixNano", "start_time_unix_nano");
  setTimeField(draft.end, item, "endTimeUnixNano", "end_time_unix_nano");
  const status = objectField(item, where, "status");
  if (status !== undefined) draft.statusCode = enumOf(field(status, "code"), STATUS_CODES);
  const attributes = new AttributeValues();
  forEachAttribute(item, where, (key, any) => {
    const attribute = kept.get(key);
    const raw = attribute === undefined ? undefined : scalarOf(any);
    const value = attribute === undefined || raw === undefined ? undefined : coerce(attribute, raw);
    if (attribute !== undefined && value !== undefined) attributes.set(attribute, value);
  });
  return makeSpan(draft, resource, attributes.byName);
}
