import type { Attributes, Resource, Span } from "./model.ts";
import { isPlausible, secondsBetween, type Time, toMs } from "./time.ts";

/** A span as far as it has been read, but for its attributes. One is used for all spans. */
export class SpanDraft {
  name = "";
  kind = 0;
  traceIdBytes = 0;
  trace0 = 0;
  trace1 = 0;
  trace2 = 0;
  trace3 = 0;
  spanIdBytes = 0;
  span0 = 0;
  span1 = 0;
  hasParent = false;
  parent0 = 0;
  parent1 = 0;
  readonly start: Time = { ms: 0, nanos: 0 };
  readonly end: Time = { ms: 0, nanos: 0 };
  statusCode = 0;

  clear(): void {
    this.name = "";
    this.kind = 0;
    this.traceIdBytes = 0;
    this.trace0 = this.trace1 = this.trace2 = this.trace3 = 0;
    this.spanIdBytes = 0;
    this.span0 = this.span1 = 0;
    this.hasParent = false;
    this.parent0 = this.parent1 = 0;
    this.start.ms = this.start.nanos = 0;
    this.end.ms = this.end.nanos = 0;
    this.statusCode = 0;
  }
}

/** The span, or why it is refused. */
export function makeSpan(draft: SpanDraft, resource: Resource, attributes: Attributes): Span | string {
  if (draft.traceIdBytes !== 16) return "trace id is not 16 bytes";
  if ((draft.trace0 | draft.trace1 | draft.trace2 | draft.trace3) === 0) return "trace id is zero";
  if (draft.spanIdBytes !== 8) return "span id is not 8 bytes";
  if ((draft.span0 | draft.span1) === 0) return "span id is zero";
  const { start, end } = draft;
  if (end.ms === 0 && end.nanos === 0) return "the span has no end time";
  if (!isPlausible(end)) return "end time is not between the years 2000 and 2100";
  if (!isPlausible(start)) return "start time is not between the years 2000 and 2100";
  return {
    resource,
    name: draft.name,
    kind: draft.kind >= 0 && draft.kind <= 5 ? draft.kind : 0,
    trace0: draft.trace0,
    trace1: draft.trace1,
    trace2: draft.trace2,
    trace3: draft.trace3,
    span0: draft.span0,
    span1: draft.span1,
    hasParent: draft.hasParent,
    parent0: draft.parent0,
    parent1: draft.parent1,
    endMs: toMs(end),
    durationSeconds: secondsBetween(start, end),
    statusCode: draft.statusCode === 1 || draft.statusCode === 2 ? draft.statusCode : 0,
    attributes,
  };
}
