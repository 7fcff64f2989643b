import { type Saved, SavedFields } from "@slipstream/stats";
import { shortName } from "./attributes.ts";
import type { Call, CallKind, SpanEvent } from "./event.ts";
import type { SpanKey } from "./span-key.ts";

/** The mark under which the span of a call is remembered, so that its children can be told. */
export const callMark: Readonly<Record<CallKind, number>> = { node: 1, jupiter: 2, database: 3 };
const KINDS: readonly (CallKind | undefined)[] = [undefined, "node", "jupiter", "database"];

/** The call of a stock span that waits for the span around it. */
export interface HeldCall {
  readonly event: SpanEvent;
  readonly mark: number;
  readonly receivedMs: number;
  readonly parent: number;
  readonly parentHigh: number;
  readonly parentLow: number;
  /** The calls that came before and after it, of those that wait. */
  before: HeldCall | undefined;
  after: HeldCall | undefined;
  /** The same of those that wait for the same parent. */
  older: HeldCall | undefined;
  younger: HeldCall | undefined;
}

/** Copies of the event what is needed later, for its span may keep the body of a whole request in memory. */
export function holdCall(event: SpanEvent, parent: SpanKey, mark: number, receivedMs: number): HeldCall {
  const { trace0, trace1, trace2, trace3 } = event.span;
  const { number, high, low } = parent;
  const call = event.call && { ...event.call, method: event.call.method && shortName(event.call.method) };
  return {
    event: { ...event, call, span: { trace0, trace1, trace2, trace3 } },
    mark,
    receivedMs,
    parent: number,
    parentHigh: high,
    parentLow: low,
    before: undefined,
    after: undefined,
    older: undefined,
    younger: undefined,
  };
}

const DOUBLES = 3;
const WORDS = 10;
const LIVE = 1;
const IN_WINDOW = 2;
const FAILED = 4;
const MARK = 8;

/** Held calls in columns: thousands of them are a few arrays. */
export function saveHeldCalls(held: readonly HeldCall[]): Saved {
  const doubles = new Float64Array(DOUBLES * held.length);
  const words = new Uint32Array(WORDS * held.length);
  const texts: Map<string, number> = new Map();
  let i = 0;
  for (const { event, mark, receivedMs, parentHigh, parentLow } of held) {
    const { timeMs, seconds, live, inWindow, operation, service, call, span } = event;
    doubles[DOUBLES * i] = timeMs;
    doubles[DOUBLES * i + 1] = seconds;
    doubles[DOUBLES * i + 2] = receivedMs;
    const flags =
      (live ? LIVE : 0) | (inWindow ? IN_WINDOW : 0) | (call?.failed ? FAILED : 0) | (MARK * mark);
    const method = placeOrNone(call?.method, texts);
    const operationPlace = placeOf(operation, texts);
    const at = WORDS * i;
    words[at] = span.trace0;
    words[at + 1] = span.trace1;
    words[at + 2] = span.trace2;
    words[at + 3] = span.trace3;
    words[at + 4] = parentHigh;
    words[at + 5] = parentLow;
    words[at + 6] = flags;
    words[at + 7] = operationPlace;
    words[at + 8] = method;
    words[at + 9] = placeOrNone(service, texts);
    i += 1;
  }
  return { doubles, words, texts: [...texts.keys()] };
}

/** @throws TypeError if `saved` is not what `saveHeldCalls` gives. */
export function loadHeldCalls(saved: Saved, key: SpanKey): HeldCall[] {
  const fields = new SavedFields("saved calls", saved);
  const texts = fields.texts("texts");
  const words = fields.words("words");
  const count = words.length / WORDS;
  const doubles = fields.doubles("doubles", DOUBLES * count);
  return Array.from({ length: count }, (_, i) => {
    const [timeMs = 0, seconds = 0, receivedMs = 0] = doubles.subarray(DOUBLES * i, DOUBLES * (i + 1));
    const [
      trace0 = 0,
      trace1 = 0,
      trace2 = 0,
      trace3 = 0,
      high = 0,
      low = 0,
      flags = 0,
      place = 0,
      method = 0,
      service = 0,
    ] = words.subarray(WORDS * i, WORDS * (i + 1));
    const mark = Math.floor(flags / MARK);
    const kind = KINDS[mark];
    const operation = texts[place];
    if (kind === undefined || operation === undefined)
      throw new TypeError("Not saved calls: one is of no kind");
    const call: Call = {
      kind,
      operation,
      method: textAt(method, texts),
      own: false,
      failed: (flags & FAILED) !== 0,
    };
    const event: SpanEvent = {
      timeMs,
      live: (flags & LIVE) !== 0,
      inWindow: (flags & IN_WINDOW) !== 0,
      operation,
      service: textAt(service, texts),
      seconds,
      trade: undefined,
      call,
      span: { trace0, trace1, trace2, trace3 },
      kept: false,
    };
    key.high = high;
    key.low = low;
    return holdCall(event, key, mark, receivedMs);
  });
}

/** Version 1 did not save the service of a call: it is not known. */
export function withServiceColumn(saved: Saved): Saved {
  const fields = new SavedFields("saved calls", saved);
  const former = fields.words("words");
  const width = WORDS - 1;
  const words = new Uint32Array((former.length / width) * WORDS);
  for (const [i, word] of former.entries()) words[Math.floor(i / width) * WORDS + (i % width)] = word;
  return { doubles: fields.any("doubles"), words, texts: fields.any("texts") };
}

/** Places count from 1, 0 is a text that is not known. */
function placeOrNone(text: string | undefined, texts: Map<string, number>): number {
  return text === undefined ? 0 : 1 + placeOf(text, texts);
}

function textAt(place: number, texts: readonly string[]): string | undefined {
  return place === 0 ? undefined : texts[place - 1];
}

function placeOf(text: string, texts: Map<string, number>): number {
  let place = texts.get(text);
  if (place === undefined) {
    place = texts.size;
    texts.set(text, place);
  }
  return place;
}
