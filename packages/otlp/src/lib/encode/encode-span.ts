import type { SpanContext } from "@opentelemetry/api";
import type { EncodableScope, EncodableSpan } from "./encodable-span.ts";
import { writeAttributes } from "./encode-attributes.ts";
import type { ProtobufWriter } from "./protobuf-writer.ts";

// opentelemetry/proto/trace/v1/trace.proto. A tag is field << 3 | wire type.
const TRACE_ID = 0x0a;
const SPAN_ID = 0x12;
const TRACE_STATE = 0x1a;
const PARENT_SPAN_ID = 0x22;
const NAME = 0x2a;
const KIND = 0x30;
const START_TIME = 0x39;
const END_TIME = 0x41;
const ATTRIBUTES = 0x4a;
const DROPPED_ATTRIBUTES = 0x50;
const EVENTS = 0x5a;
const DROPPED_EVENTS = 0x60;
const LINKS = 0x6a;
const DROPPED_LINKS = 0x70;
const STATUS = 0x7a;
const FLAGS_FIRST = 0x85; // field 16 does not fit one byte
const FLAGS_SECOND = 0x01;
const EVENT = { time: 0x09, name: 0x12, attributes: 0x1a, dropped: 0x20 } as const;
const LINK = {
  traceId: 0x0a,
  spanId: 0x12,
  traceState: 0x1a,
  attributes: 0x22,
  dropped: 0x28,
  flags: 0x35,
} as const;
const STATUS_FIELD = { message: 0x12, code: 0x18 } as const;
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** Writes `span` as a length-delimited field of the enclosing message. */
export function writeSpan(writer: ProtobufWriter, tag: number, span: EncodableSpan): void {
  const start = writer.begin(tag);
  const context = span.spanContext();
  writer.hex(TRACE_ID, context.traceId);
  writer.hex(SPAN_ID, context.spanId);
  writeTraceState(writer, TRACE_STATE, context);
  const parent = span.parentSpanContext;
  if (parent !== undefined) writer.hex(PARENT_SPAN_ID, parent.spanId);
  writer.string(NAME, span.name);
  writer.unsigned(KIND, span.kind + 1);
  writer.nanoseconds(START_TIME, span.startTime[0], span.startTime[1]);
  writer.nanoseconds(END_TIME, span.endTime[0], span.endTime[1]);
  writeAttributes(writer, ATTRIBUTES, span.attributes);
  writeCount(writer, DROPPED_ATTRIBUTES, span.droppedAttributesCount);
  if (span.events.length > 0) writeEvents(writer, span);
  writeCount(writer, DROPPED_EVENTS, span.droppedEventsCount);
  if (span.links.length > 0) writeLinks(writer, span);
  writeCount(writer, DROPPED_LINKS, span.droppedLinksCount);
  if (span.status.code !== 0 || span.status.message) {
    const status = writer.begin(STATUS);
    if (span.status.message) writer.string(STATUS_FIELD.message, span.status.message);
    writer.unsigned(STATUS_FIELD.code, span.status.code);
    writer.end(status);
  }
  writer.tag(FLAGS_FIRST);
  writer.fixed32(FLAGS_SECOND, flags(context.traceFlags, parent?.isRemote));
  writer.end(start);
}

export function writeScope(writer: ProtobufWriter, tag: number, scope: EncodableScope): void {
  const start = writer.begin(tag);
  writer.string(0x0a, scope.name);
  if (scope.version) writer.string(0x12, scope.version);
  writer.end(start);
}

function writeEvents(writer: ProtobufWriter, span: EncodableSpan): void {
  for (const event of span.events) {
    const start = writer.begin(EVENTS);
    writer.nanoseconds(EVENT.time, event.time[0], event.time[1]);
    writer.string(EVENT.name, event.name);
    if (event.attributes) writeAttributes(writer, EVENT.attributes, event.attributes);
    writeCount(writer, EVENT.dropped, event.droppedAttributesCount ?? 0);
    writer.end(start);
  }
}

function writeLinks(writer: ProtobufWriter, span: EncodableSpan): void {
  for (const link of span.links) {
    const start = writer.begin(LINKS);
    writer.hex(LINK.traceId, link.context.traceId);
    writer.hex(LINK.spanId, link.context.spanId);
    writeTraceState(writer, LINK.traceState, link.context);
    if (link.attributes) writeAttributes(writer, LINK.attributes, link.attributes);
    writeCount(writer, LINK.dropped, link.droppedAttributesCount ?? 0);
    writer.fixed32(LINK.flags, flags(link.context.traceFlags, link.context.isRemote));
    writer.end(start);
  }
}

function writeTraceState(writer: ProtobufWriter, tag: number, context: SpanContext): void {
  const state = context.traceState?.serialize();
  if (state) writer.string(tag, state);
}

/** proto3 leaves a zero out. */
function writeCount(writer: ProtobufWriter, tag: number, count: number): void {
  if (count > 0) writer.unsigned(tag, count);
}

function flags(traceFlags: number, isRemote: boolean | undefined): number {
  return (traceFlags & 0xff) | HAS_IS_REMOTE | (isRemote ? IS_REMOTE : 0);
}
