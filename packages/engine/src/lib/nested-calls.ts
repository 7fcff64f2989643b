import type { Span } from "@slipstream/otlp/decode";
import { type Saved, SavedFields } from "@slipstream/stats";
import { boundaryAtOrAfter } from "./boundaries.ts";
import { Dedupe } from "./dedupe.ts";
import type { SpanEvent } from "./event.ts";
import { type HeldCall, holdCall, loadHeldCalls, saveHeldCalls, withServiceColumn } from "./held-call.ts";
import type { Migrations, Part } from "./parts/part.ts";
import { SpanKey } from "./span-key.ts";

/** How long a call waits for the span around it, in time of receipt. */
const HOLD_MS = 2_000;
const MOST_HELD = 65_536;
const REMEMBERED = 131_072;
/** Bits of a key's high word that are left out of its short form. */
const SHORT = 20;

/**
 * One call may be told twice: by Slipstream's span `solana.rpc` and by the HTTP span that a stock instrumentation makes
 * inside of it, or by a stock RPC span and its HTTP span. It counts once, as the outermost of them:
 *
 * - Slipstream's own spans always count, each for itself.
 * - A stock span whose parent is a call of the same kind (node, Jupiter, database) is a detail of it and does not count.
 * - A child ends before its parent, so it mostly comes first. A stock span that has a parent therefore waits until the
 *   parent comes, its own instant is published, or 2 s of receipt have passed; then it counts. Should a parent come
 *   later still, then the call has been counted, and the parent does not count.
 *
 * Only the direct parent is looked at.
 */
export class NestedCalls implements Part {
  readonly version = 2;
  readonly migrations: Migrations = { 1: withServices };
  readonly #seen: Dedupe;
  // Those that wait, in the order they came, linked to each other: a set that is filled and emptied all the time is copied as often.
  #first: HeldCall | undefined;
  #last: HeldCall | undefined;
  #held = 0;
  /** Of those that wait for the same parent, the one that came last. */
  readonly #youngest: Map<number, HeldCall> = new Map();
  // Held calls by the first bits of their parent's key: for most spans it says at once that none waits for them. Small
  // enough to stay in the processor's nearest cache.
  readonly #waiting: Uint32Array = new Uint32Array(2 ** (32 - SHORT));
  // Parents of stock calls that have been counted.
  readonly #countedInside: Dedupe = new Dedupe(REMEMBERED);
  readonly #parentKey: SpanKey;

  /**
   * @param seen the spans seen, remembered with the mark of their call
   * @param salt of their keys
   */
  constructor(seen: Dedupe, salt = 0) {
    this.#seen = seen;
    this.#parentKey = new SpanKey(salt);
  }

  /**
   * Drops the calls that wait for this span, not seen before, to be told as the outer one. To be asked before time moves
   * on by the span, for that may publish the instant of what waits. Says whether the call has been counted already,
   * as an inner one.
   */
  claim(key: SpanKey, mark: number): boolean {
    this.#dropChildren(key, mark);
    return this.#countedInside.size > 0 && this.#countedInside.find(key) === mark;
  }

  /** Takes a call and gives the one to be counted now: this one, or the one that waited longest if too many wait. */
  take(event: SpanEvent, span: Span, mark: number, receivedMs: number): SpanEvent | undefined {
    if (event.call?.own || !span.hasParent) return event;
    const parent = this.#parentKey.ofParent(span);
    if (this.#seen.find(parent) === mark) return undefined;
    this.#hold(holdCall(event, parent, mark, receivedMs));
    return this.#held > MOST_HELD && this.#first !== undefined ? this.#settle(this.#first) : undefined;
  }

  /** The calls that need not wait any longer at a time of receipt, in the order they came. */
  settleReceived(receivedMs: number): SpanEvent[] {
    const settled: SpanEvent[] = [];
    for (let held = this.#first; held !== undefined; held = this.#first) {
      if (held.receivedMs + HOLD_MS > receivedMs) break;
      settled.push(this.#settle(held));
    }
    return settled;
  }

  /** The calls whose instant is about to be published: those up to the boundary, in the order they came. */
  settleUpTo(boundaryMs: number): SpanEvent[] {
    const settled: SpanEvent[] = [];
    for (const held of this.#all()) {
      if (boundaryAtOrAfter(held.event.timeMs) <= boundaryMs) settled.push(this.#settle(held));
    }
    return settled;
  }

  save(): Saved {
    return { held: saveHeldCalls([...this.#all()]), countedInside: this.#countedInside.save() };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved nested calls", saved);
    for (const held of loadHeldCalls(fields.any("held"), this.#parentKey)) this.#hold(held);
    this.#countedInside.load(fields.any("countedInside"));
  }

  /** Those that wait, in the order they came. Each may be released when it is given. */
  *#all(): Iterable<HeldCall> {
    let after: HeldCall | undefined;
    for (let held = this.#first; held !== undefined; held = after) {
      after = held.after;
      yield held;
    }
  }

  #hold(held: HeldCall): void {
    const { parent, parentHigh } = held;
    held.before = this.#last;
    if (this.#last === undefined) this.#first = held;
    else this.#last.after = held;
    this.#last = held;
    this.#held += 1;
    this.#waiting[parentHigh >>> SHORT] = (this.#waiting[parentHigh >>> SHORT] ?? 0) + 1;
    const older = this.#youngest.get(parent);
    held.older = older;
    if (older !== undefined) older.younger = held;
    this.#youngest.set(parent, held);
  }

  #dropChildren(key: SpanKey, mark: number): void {
    if (this.#waiting[key.high >>> SHORT] === 0) return;
    let older: HeldCall | undefined;
    for (let held = this.#youngest.get(key.number); held !== undefined; held = older) {
      older = held.older;
      if (held.mark === mark) this.#release(held);
    }
  }

  #settle(held: HeldCall): SpanEvent {
    this.#release(held);
    this.#parentKey.high = held.parentHigh;
    this.#parentKey.low = held.parentLow;
    if (this.#countedInside.find(this.#parentKey) < 0) this.#countedInside.add(this.#parentKey, held.mark);
    return held.event;
  }

  #release(held: HeldCall): void {
    const { before, after, parent, parentHigh, older, younger } = held;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    this.#held -= 1;
    const short = parentHigh >>> SHORT;
    this.#waiting[short] = (this.#waiting[short] ?? 1) - 1;
    if (older !== undefined) older.younger = younger;
    if (younger !== undefined) younger.older = older;
    else if (older === undefined) this.#youngest.delete(parent);
    else this.#youngest.set(parent, older);
    // One that is gone keeps none of the others in memory.
    held.before = held.after = held.older = held.younger = undefined;
  }
}

function withServices(saved: Saved): Saved {
  const fields = new SavedFields("saved nested calls", saved);
  return { held: withServiceColumn(fields.any("held")), countedInside: fields.any("countedInside") };
}
