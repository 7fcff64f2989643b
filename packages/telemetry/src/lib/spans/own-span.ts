import {
  type Attributes,
  type AttributeValue,
  diag,
  type Exception,
  type HrTime,
  type Link,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
  TraceFlags,
} from "@opentelemetry/api";
import { semconv } from "@slipstream/conventions";
import type { CompactRest, CompactSpan } from "@slipstream/otlp/encode";
import { hrTimeOf } from "../hr-time.ts";
import {
  keptAttributes,
  keptValue,
  MOST_ATTRIBUTES,
  MOST_EVENTS,
  MOST_LINKS,
  sizeOf,
} from "./attribute-values.ts";
import { randomWord, type TraceId, traceIdText, wordAt, wordText } from "./trace-ids.ts";
import type { WallClock } from "./wall-clock.ts";

/** Who made a span, and takes it when it has ended. */
export interface SpanOwner {
  readonly clock: WallClock;
  /** Must not throw. */
  ended(span: OwnSpan): void;
  /** Works on the spans that have ended and wait. Must not throw. */
  drain(): void;
}

/** Called once, after the span has ended and before it is encoded: up to a flush interval later. */
export interface AtDrain {
  /** `endMs`: Unix time. */
  drained(span: OwnSpan, endMs: number): void;
}

/** A monotonic reading in ms, or a time that somebody gave. */
type Moment = number | HrTime;

/** What few spans have. */
interface Rest extends CompactRest {
  status: SpanStatus;
  events: { name: string; moment: Moment; attributes: Attributes; droppedAttributesCount: number }[];
  links: Link[];
  droppedAttributes: number;
  droppedEvents: number;
  droppedLinks: number;
  startTime: HrTime | undefined;
  endTime: HrTime | undefined;
}

const UNSET: SpanStatus = { code: SpanStatusCode.UNSET };
const NO_PARENT = 0;
const LOCAL_PARENT = 1;
const REMOTE_PARENT = 2;

/**
 * A span as OpenTelemetry's SDK would have it, with the SDK's default limits, at a fraction of its cost: all spans have
 * the same shape, ids are numbers until somebody asks for their text, and what few spans have is made when needed. It is
 * encoded long after it has ended, together with others. Its private members are ordinary ones, because others may wrap
 * a span in a Proxy.
 */
export class OwnSpan implements Span, CompactSpan {
  name: string;
  readonly kind: SpanKind;
  readonly trace: TraceId;
  readonly id0: number;
  readonly id1: number;
  /** 0: none, 1: in this process, 2: in another. */
  readonly parent: 0 | 1 | 2;
  readonly parent0: number;
  readonly parent1: number;
  /** Monotonic, ms. */
  startMs: number;
  /** Monotonic, ms; NaN until it ends. */
  endMs: number = Number.NaN;
  /** Key, value, key, value. Most spans have one or none: an empty array would take as much memory as eight of them. */
  attributes: (AttributeValue | string)[] | undefined = undefined;
  rest: Rest | undefined = undefined;
  /** With `startTime`, `endTime` and `duration` as spans of the SDK have them. */
  ended: boolean = false;
  /** Its place in the order of ending, among all spans of the process. */
  seq: number = 0;
  /** About how many bytes it needs. */
  size: number;
  atDrain: AtDrain | undefined = undefined;
  readonly owner: SpanOwner;
  private madeContext: SpanContext | undefined = undefined;

  constructor(
    owner: SpanOwner,
    name: string,
    kind: SpanKind | undefined,
    trace: TraceId,
    parent: OwnSpan | SpanContext | undefined,
    startTime: TimeInput | undefined,
  ) {
    this.owner = owner;
    this.name = name;
    this.kind = kind ?? SpanKind.INTERNAL;
    this.trace = trace;
    this.id0 = randomWord();
    this.id1 = randomWord() || 1;
    if (parent === undefined) {
      this.parent = NO_PARENT;
      this.parent0 = 0;
      this.parent1 = 0;
    } else if (parent instanceof OwnSpan) {
      this.parent = LOCAL_PARENT;
      this.parent0 = parent.id0;
      this.parent1 = parent.id1;
    } else {
      this.parent = parent.isRemote === true ? REMOTE_PARENT : LOCAL_PARENT;
      this.parent0 = wordAt(parent.spanId, 0);
      this.parent1 = wordAt(parent.spanId, 8);
    }
    this.size = 100 + name.length;
    const start = this.moment(startTime);
    if (typeof start === "number") {
      this.startMs = start;
    } else {
      this.startMs = owner.clock.now();
      this.ensureRest().startTime = start;
    }
  }

  get startTime(): HrTime {
    return this.rest?.startTime ?? this.owner.clock.hrTime(this.startMs);
  }

  /** Zeros until it ends. An end before the start is the start. */
  get endTime(): HrTime {
    if (!this.ended) return [0, 0];
    const start = this.startTime;
    const end = this.rest?.endTime ?? this.owner.clock.hrTime(this.endMs);
    return end[0] < start[0] || (end[0] === start[0] && end[1] < start[1]) ? start : end;
  }

  /** Negative until it ends. */
  get duration(): HrTime {
    if (!this.ended) return [-1, -1];
    const [start, end] = [this.startTime, this.endTime];
    const [seconds, nanoseconds] = [end[0] - start[0], end[1] - start[1]];
    return nanoseconds < 0 ? [seconds - 1, nanoseconds + 1e9] : [seconds, nanoseconds];
  }

  spanContext(): SpanContext {
    this.madeContext ??= {
      traceId: traceIdText(this.trace),
      spanId: wordText(this.id0) + wordText(this.id1),
      traceFlags: TraceFlags.SAMPLED,
      ...(this.trace.state === undefined ? {} : { traceState: this.trace.state }),
    };
    return this.madeContext;
  }

  isRecording(): boolean {
    return !this.ended;
  }

  setAttribute(key: string, value: AttributeValue): this {
    if (value === null || value === undefined || this.refusesChanges()) return this;
    const kept = keptValue(key, value);
    if (kept !== undefined) this.put(key, kept);
    return this;
  }

  setAttributes(attributes: Attributes): this {
    for (const key in attributes) {
      if (Object.hasOwn(attributes, key)) this.setAttribute(key, attributes[key] as AttributeValue);
    }
    return this;
  }

  /** Moves the start of a span that had to be there before it was known. Monotonic, ms. */
  beganAt(startMs: number): void {
    this.startMs = startMs;
  }

  /** Sets an attribute that needs no check, also after the end. */
  put(key: string, value: AttributeValue): void {
    this.size += key.length + sizeOf(value);
    const { attributes } = this;
    if (attributes === undefined) {
      this.attributes = [key, value];
      return;
    }
    for (let i = 0; i < attributes.length; i += 2) {
      if (attributes[i] !== key) continue;
      attributes[i + 1] = value;
      return;
    }
    if (attributes.length >= 2 * MOST_ATTRIBUTES) this.ensureRest().droppedAttributes += 1;
    else attributes.push(key, value);
  }

  /** Counts the span where it is counted, and completes it. Before it is encoded. */
  settle(): void {
    const { atDrain } = this;
    this.atDrain = undefined;
    atDrain?.drained(this, this.owner.clock.unixMs(this.endMs));
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (this.refusesChanges()) return this;
    const hasTimeOnly = isTimeInput(attributesOrTime);
    const { attributes, dropped, size } = keptAttributes(hasTimeOnly ? undefined : attributesOrTime);
    const rest = this.ensureRest();
    if (rest.events.length >= MOST_EVENTS) {
      rest.events.shift();
      rest.droppedEvents += 1;
    }
    const given = hasTimeOnly && !isTimeInput(time) ? attributesOrTime : time;
    rest.events.push({ name, moment: this.moment(given), attributes, droppedAttributesCount: dropped });
    this.size += 40 + name.length + size;
    return this;
  }

  addLink(link: Link): this {
    if (this.refusesChanges()) return this;
    const { attributes, dropped, size } = keptAttributes(link.attributes);
    const rest = this.ensureRest();
    if (rest.links.length >= MOST_LINKS) {
      rest.links.shift();
      rest.droppedLinks += 1;
    }
    rest.links.push({ context: link.context, attributes, droppedAttributesCount: dropped });
    this.size += 60 + size;
    return this;
  }

  addLinks(links: Link[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  setStatus(status: SpanStatus): this {
    if (!this.refusesChanges()) this.mark(status);
    return this;
  }

  /** Sets the status, also after the end. "Ok" is final, and "unset" changes nothing. */
  mark({ code, message }: SpanStatus): void {
    if (code === SpanStatusCode.UNSET || this.rest?.status.code === SpanStatusCode.OK) return;
    const isText = typeof message === "string";
    if (code === SpanStatusCode.ERROR && message !== undefined && message !== null && !isText) {
      diag.warn(`Dropping invalid status.message of type '${typeof message}', expected 'string'`);
    }
    this.ensureRest().status = code === SpanStatusCode.ERROR && isText ? { code, message } : { code };
    if (isText) this.size += message.length;
  }

  updateName(name: string): this {
    if (this.refusesChanges()) return this;
    this.name = name;
    this.size += name.length;
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    const attributes: Attributes = {};
    if (typeof exception === "string") {
      attributes[semconv.exceptionMessage] = exception;
    } else if (exception) {
      const { code, name, message, stack } = exception;
      if (code) attributes[semconv.exceptionType] = code.toString();
      else if (name) attributes[semconv.exceptionType] = name;
      if (message) attributes[semconv.exceptionMessage] = message;
      if (stack) attributes[semconv.exceptionStacktrace] = stack;
    }
    if (attributes[semconv.exceptionType] || attributes[semconv.exceptionMessage]) {
      this.addEvent(semconv.exceptionEvent, attributes, time);
    } else {
      diag.warn("Failed to record an exception: it has neither a type nor a message");
    }
  }

  end(endTime?: TimeInput): void {
    if (this.ended) {
      diag.error(`${this.name} has ended already: end() is called once on a span`);
      return;
    }
    const end = this.moment(endTime);
    if (typeof end === "number") {
      this.endMs = end;
    } else {
      this.endMs = this.owner.clock.now();
      this.ensureRest().endTime = end;
    }
    this.ended = true;
    this.owner.ended(this);
  }

  /** As OpenTelemetry reads a time. One that is not given is now, on the clock that the start was given on. */
  private moment(time: TimeInput | undefined): Moment {
    if (typeof time === "number") return time <= this.owner.clock.now() ? time : hrTimeOf(time);
    if (time instanceof Date) return hrTimeOf(time.getTime());
    if (isHrTime(time)) return [time[0], time[1]];
    return this.rest?.startTime === undefined ? this.owner.clock.now() : hrTimeOf(Date.now());
  }

  private ensureRest(): Rest {
    this.rest ??= {
      status: UNSET,
      events: [],
      links: [],
      droppedAttributes: 0,
      droppedEvents: 0,
      droppedLinks: 0,
      startTime: undefined,
      endTime: undefined,
    };
    return this.rest;
  }

  private refusesChanges(): boolean {
    if (this.ended) diag.warn(`${this.name} has ended and cannot be changed`);
    return this.ended;
  }
}

function isTimeInput(value: unknown): value is TimeInput {
  return typeof value === "number" || value instanceof Date || isHrTime(value);
}

function isHrTime(value: unknown): value is HrTime {
  if (!Array.isArray(value) || value.length !== 2) return false;
  return typeof value[0] === "number" && typeof value[1] === "number";
}
