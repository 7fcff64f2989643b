import type { HrTime } from "@opentelemetry/api";
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
      writeEvent(writer, event, typeof moment === "number" ? hrTime(clock, moment) : moment);
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

/** An end before the start is the start. */
function writeTimes(
  writer: ProtobufWriter,
  { startMs, endMs, rest }: CompactSpan,
  clock: CompactClock,
): void {
  if (rest?.startTime === undefined && rest?.endTime === undefined && endMs >= startMs) {
    writer.milliseconds(field.startTime, clock.wholeMsOf(startMs), clock.nanosecondsOf(startMs));
    writer.milliseconds(field.endTime, clock.wholeMsOf(endMs), clock.nanosecondsOf(endMs));
    return;
  }
  const start = rest?.startTime ?? hrTime(clock, startMs);
  const end = rest?.endTime ?? hrTime(clock, endMs);
  const [last, nanoseconds] = end[0] < start[0] || (end[0] === start[0] && end[1] < start[1]) ? start : end;
  writer.nanoseconds(field.startTime, start[0], start[1]);
  writer.nanoseconds(field.endTime, last, nanoseconds);
}

function hrTime(clock: CompactClock, ms: number): HrTime {
  const whole = clock.wholeMsOf(ms);
  const seconds = Math.floor(whole / 1_000);
  return [seconds, (whole - seconds * 1_000) * 1e6 + clock.nanosecondsOf(ms)];
}
