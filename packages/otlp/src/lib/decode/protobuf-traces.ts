import { coerce, type KeptAttribute, keptAttributes } from "./attributes.ts";
import { BodyAttributes } from "./body-attributes.ts";
import { fieldBits, tagOf } from "./fields.ts";
import type { DecodeLimits } from "./limits.ts";
import type { Refusal, Resource, Span, TracesBatch } from "./model.ts";
import { KeyValueReader, texts } from "./protobuf-attributes.ts";
import { pause, readOfResource } from "./protobuf-resource.ts";
import { BYTES, FIXED64, ProtoReader, VARINT } from "./reader.ts";
import type { RefusalCount } from "./refusals.ts";
import { makeSpan, SpanDraft } from "./span.ts";
import type { Steps } from "./steps.ts";
import { setTime } from "./time.ts";
import { NO_VALUE, OTHER } from "./value-forms.ts";

// opentelemetry/proto/collector/trace/v1/trace_service.proto and opentelemetry/proto/trace/v1/trace.proto
const RESOURCE_SPANS = tagOf(1, BYTES);
const SPANS = tagOf(2, BYTES);

const TRACE_ID = tagOf(1, BYTES);
const SPAN_ID = tagOf(2, BYTES);
const PARENT_SPAN_ID = tagOf(4, BYTES);
const NAME = tagOf(5, BYTES);
const KIND = tagOf(6, VARINT);
const START = tagOf(7, FIXED64);
const END = tagOf(8, FIXED64);
const ATTRIBUTES = tagOf(9, BYTES);
const STATUS = tagOf(15, BYTES);
const SPAN_FIELDS = fieldBits(1, 2, 4, 5, 6, 7, 8, 9, 15);

const STATUS_CODE = tagOf(3, VARINT);
const STATUS_FIELDS = fieldBits(3);

const spanKeys = new KeyValueReader<KeptAttribute>(keptAttributes.map((kept) => [kept.name, kept]));

const draft = new SpanDraft();

/** Reads an ExportTraceServiceRequest. */
export function* readTraces(body: Uint8Array, limits: DecodeLimits): Steps<TracesBatch> {
  const reader = new ProtoReader(body, limits);
  const spans: Span[] = [];
  const refusals: Refusal[] = [];
  const attributes = new BodyAttributes(reader.bytes, reader.view, texts);
  const readScope = (resource: Resource, refused: RefusalCount): Steps<void> =>
    readScopeSpans(reader, resource, attributes, spans, refused);
  const where = "ExportTraceServiceRequest";
  while (reader.pos < reader.end) {
    if (reader.isDue) yield* pause(reader);
    const tag = reader.tag(where);
    if (tag === RESOURCE_SPANS) yield* readOfResource(reader, "ResourceSpans", readScope, refusals);
    else reader.skip(tag, fieldBits(1), where);
  }
  return { kind: "traces", spans, refusals };
}

function* readScopeSpans(
  reader: ProtoReader,
  resource: Resource,
  attributes: BodyAttributes,
  spans: Span[],
  refused: RefusalCount,
): Steps<void> {
  const outer = reader.enterItem("ScopeSpans");
  while (reader.pos < reader.end) {
    if (reader.isDue) yield* pause(reader);
    const tag = reader.tag("ScopeSpans");
    if (tag !== SPANS) {
      reader.skip(tag, fieldBits(2), "ScopeSpans");
      continue;
    }
    const span = readSpan(reader, resource, attributes);
    if (typeof span === "string") refused.add(span);
    else spans.push(span);
  }
  reader.leave(outer);
}

function readSpan(reader: ProtoReader, resource: Resource, attributes: BodyAttributes): Span | string {
  const where = "Span";
  const outer = reader.enterItem(where);
  reader.countFields();
  draft.clear();
  while (reader.pos < reader.end) {
    const tag = reader.tag(where);
    switch (tag) {
      case ATTRIBUTES:
        readAttribute(reader, attributes);
        break;
      case TRACE_ID: {
        const length = reader.length(where);
        const at = reader.take(length, where);
        draft.traceIdBytes = length;
        if (length !== 16) break;
        draft.trace0 = reader.view.getInt32(at);
        draft.trace1 = reader.view.getInt32(at + 4);
        draft.trace2 = reader.view.getInt32(at + 8);
        draft.trace3 = reader.view.getInt32(at + 12);
        break;
      }
      case SPAN_ID: {
        const length = reader.length(where);
        const at = reader.take(length, where);
        draft.spanIdBytes = length;
        if (length !== 8) break;
        draft.span0 = reader.view.getInt32(at);
        draft.span1 = reader.view.getInt32(at + 4);
        break;
      }
      case PARENT_SPAN_ID: {
        const length = reader.length(where);
        const at = reader.take(length, where);
        if (length === 8) {
          draft.parent0 = reader.view.getInt32(at);
          draft.parent1 = reader.view.getInt32(at + 4);
          // Some senders write a root's missing parent as zeros.
          draft.hasParent = (draft.parent0 | draft.parent1) !== 0;
        } else draft.hasParent = length > 0;
        break;
      }
      case NAME: {
        const length = reader.length(where);
        draft.name = texts.text(reader.bytes, reader.view, reader.pos, length);
        reader.pos += length;
        break;
      }
      case KIND:
        draft.kind = Number(reader.int64(where));
        break;
      case START: {
        const at = reader.take(8, where);
        setTime(draft.start, reader.view.getUint32(at + 4, true), reader.view.getUint32(at, true));
        break;
      }
      case END: {
        const at = reader.take(8, where);
        setTime(draft.end, reader.view.getUint32(at + 4, true), reader.view.getUint32(at, true));
        break;
      }
      case STATUS:
        readStatus(reader);
        break;
      default:
        reader.skip(tag, SPAN_FIELDS, where);
    }
  }
  reader.countNoFields();
  reader.leave(outer);
  return makeSpan(draft, resource, attributes.endSpan());
}

function readAttribute(reader: ProtoReader, attributes: BodyAttributes): void {
  const kept = spanKeys.next(reader, "Span.attributes");
  if (kept === undefined || spanKeys.form === NO_VALUE) return;
  const { form, place, length, other } = spanKeys;
  if (form !== OTHER) attributes.add(kept, form, place, length);
  else if (other !== undefined) attributes.addRead(kept, coerce(kept, other));
}

function readStatus(reader: ProtoReader): void {
  const where = "Span.status";
  const outer = reader.enter(where);
  while (reader.pos < reader.end) {
    const tag = reader.tag(where);
    if (tag === STATUS_CODE) draft.statusCode = Number(reader.int64(where));
    else reader.skip(tag, STATUS_FIELDS, where);
  }
  reader.leave(outer);
}
