import type { HrTime, SpanContext, SpanStatus } from "@opentelemetry/api";
import type { EncodableEvent, EncodableScope, EncodableSpan } from "./encodable-span.ts";
import { writeAttributes } from "./encode-attributes.ts";
import type { ProtobufWriter } from "./protobuf-writer.ts";

// opentelemetry/proto/trace/v1/trace.proto. A tag is field << 3 | wire type.
export const field = {
  traceId: 0x0a,
  spanId: 0x12,
  traceState: 0x1a,
  parentSpanId: 0x22,
  name: 0x2a,
  kind: 0x30,
  startTime: 0x39,
  endTime: 0x41,
  attributes: 0x4a,
  droppedAttributes: 0x50,
  events: 0x5a,
  droppedEvents: 0x60,
  links: 0x6a,
  droppedLinks: 0x70,
  status: 0x7a,
  /** Field 16 does not fit one byte. */
  flagsFirst: 0x85,
  flagsSecond: 0x01,
} as const;
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
  writer.hex(field.traceId, context.traceId);
  writer.hex(field.spanId, context.spanId);
  writeTraceState(writer, field.traceState, context);
  const parent = span.parentSpanContext;
  if (parent !== undefined) writer.hex(field.parentSpanId, parent.spanId);
  writer.string(field.name, span.name);
  writer.unsigned(field.kind, span.kind + 1);
  writer.nanoseconds(field.startTime, span.startTime[0], span.startTime[1]);
  writer.nanoseconds(field.endTime, span.endTime[0], span.endTime[1]);
  writeAttributes(writer, field.attributes, span.attributes);
  writeCount(writer, field.droppedAttributes, span.droppedAttributesCount);
  for (const event of span.events) writeEvent(writer, event, event.time);
  writeCount(writer, field.droppedEvents, span.droppedEventsCount);
  writeLinks(writer, span.links);
  writeCount(writer, field.droppedLinks, span.droppedLinksCount);
  writeStatus(writer, span.status);
  writer.tag(field.flagsFirst);
  writer.fixed32(field.flagsSecond, flags(context.traceFlags, parent?.isRemote));
  writer.end(start);
}

export function writeScope(writer: ProtobufWriter, tag: number, scope: EncodableScope): void {
  const start = writer.begin(tag);
  writer.string(0x0a, scope.name);
  if (scope.version) writer.string(0x12, scope.version);
  writer.end(start);
}

export function writeEvent(writer: ProtobufWriter, event: Omit<EncodableEvent, "time">, time: HrTime): void {
  const start = writer.begin(field.events);
  writer.nanoseconds(EVENT.time, time[0], time[1]);
  writer.string(EVENT.name, event.name);
  if (event.attributes) writeAttributes(writer, EVENT.attributes, event.attributes);
  writeCount(writer, EVENT.dropped, event.droppedAttributesCount ?? 0);
  writer.end(start);
}

export function writeLinks(writer: ProtobufWriter, links: EncodableSpan["links"]): void {
  for (const link of links) {
    const start = writer.begin(field.links);
    writer.hex(LINK.traceId, link.context.traceId);
    writer.hex(LINK.spanId, link.context.spanId);
    writeTraceState(writer, LINK.traceState, link.context);
    if (link.attributes) writeAttributes(writer, LINK.attributes, link.attributes);
    writeCount(writer, LINK.dropped, link.droppedAttributesCount ?? 0);
    writer.fixed32(LINK.flags, flags(link.context.traceFlags, link.context.isRemote));
    writer.end(start);
  }
}

export function writeStatus(writer: ProtobufWriter, { code, message }: SpanStatus): void {
  if (code === 0 && !message) return;
  const start = writer.begin(field.status);
  if (message) writer.string(STATUS_FIELD.message, message);
  writer.unsigned(STATUS_FIELD.code, code);
  writer.end(start);
}

function writeTraceState(writer: ProtobufWriter, tag: number, context: SpanContext): void {
  const state = context.traceState?.serialize();
  if (state) writer.string(tag, state);
}

/** proto3 leaves a zero out. */
export function writeCount(writer: ProtobufWriter, tag: number, count: number): void {
  if (count > 0) writer.unsigned(tag, count);
}

export function flags(traceFlags: number, isRemote: boolean | undefined): number {
  return (traceFlags & 0xff) | HAS_IS_REMOTE | (isRemote ? IS_REMOTE : 0);
}
