import { attribute } from "@slipstream/conventions";
import type { CompactClock, CompactSpan } from "./compact-span.ts";
import { writeAttributeOf } from "./encode-attributes.ts";
import { field, flags, writeCount, writeEvent, writeLinks, writeStatus } from "./encode-span.ts";
import type { KeyCache } from "./key-cache.ts";
import type { ProtobufWriter } from "./protobuf-writer.ts";

const SEQ = attribute.slipstreamSeq;
const SAMPLED = 1;
const REMOTE_PARENT = 2;

/** Writes `span`, which is sampled, as a length-delimited field of the enclosing message. */
export function writeCompactSpan(
  writer: ProtobufWriter,
  tag: number,
  span: CompactSpan,
  clock: CompactClock,
  keys: KeyCache,
): void {
  const { trace, parent, attributes, seq, rest } = span;
  const start = writer.begin(tag);
  writer.words(field.traceId, 4, trace.word0, trace.word1, trace.word2, trace.word3);
  writer.words(field.spanId, 2, span.id0, span.id1);
  const state = trace.state?.serialize();
  if (state) writer.string(field.traceState, state);
  if (parent !== 0) writer.words(field.parentSpanId, 2, span.parent0, span.parent1);
  writer.string(field.name, span.name);
  writer.unsigned(field.kind, span.kind + 1);
  writeTimes(writer, span, clock);
  if (attributes !== undefined) {
    for (let i = 0; i < attributes.length; i += 2) {
      const key = attributes[i] as string;
      if (key === SEQ) continue;
      writeAttributeOf(writer, field.attributes, keys.bytesOf(key), attributes[i + 1]);
    }
  }
  if (seq > 0) writeAttributeOf(writer, field.attributes, keys.bytesOf(SEQ), seq);
  if (rest !== undefined) {
    writeCount(writer, field.droppedAttributes, rest.droppedAttributes);
    for (const event of rest.events) {
      const { moment } = event;
      writeEvent(writer, event, typeof moment === "number" ? clock.hrTime(moment) : moment);
    }
    writeCount(writer, field.droppedEvents, rest.droppedEvents);
    writeLinks(writer, rest.links);
    writeCount(writer, field.droppedLinks, rest.droppedLinks);
    writeStatus(writer, rest.status);
  }
  writer.tag(field.flagsFirst);
  writer.fixed32(field.flagsSecond, flags(SAMPLED, parent === REMOTE_PARENT));
  writer.end(start);
}

function writeTimes(writer: ProtobufWriter, span: CompactSpan, clock: CompactClock): void {
  const { startMs, endMs, rest } = span;
  if (rest?.startTime === undefined && rest?.endTime === undefined && endMs >= startMs) {
    writer.milliseconds(field.startTime, clock.wholeMsOf(startMs), clock.nanosecondsOf(startMs));
    writer.milliseconds(field.endTime, clock.wholeMsOf(endMs), clock.nanosecondsOf(endMs));
    return;
  }
  const { startTime, endTime } = span;
  writer.nanoseconds(field.startTime, startTime[0], startTime[1]);
  writer.nanoseconds(field.endTime, endTime[0], endTime[1]);
}
