import { type Savable, type Saved, SavedFields } from "@slipstream/stats";
import { BACKLOG_MS, FRESH_MS } from "./boundaries.ts";

/** Spans that wait longer than this before they are sent are late, and not waited for. */
const LONGEST_WAIT_MS = 60_000;
/** What is left of a wait after a receipt whose spans waited less. */
const WAIT_LEFT = 0.9;

/** How far one service's event time has come, and when it was heard of. All times in Unix ms. */
export class ServiceClock implements Savable {
  /**
   * Newest end of a span, never ahead of its receipt, or the time up to which ticks found silence; undefined
   * before either.
   */
  watermarkMs: number | undefined;
  heardMs: number = Number.NEGATIVE_INFINITY;
  /** Receipt of the first record after the last silence of a minute. */
  heardSinceMs: number = Number.NEGATIVE_INFINITY;
  /** Receipt of the last spans. */
  spansMs: number = Number.NEGATIVE_INFINITY;
  /** Receipt of the last metrics that were not a backlog. */
  freshPointsMs: number = Number.NEGATIVE_INFINITY;
  /** Whether the last spans were a backlog. */
  backlog = false;
  /** How long its spans wait before it sends them, if it sends them in batches. */
  waitMs = 0;
  // Of the last receipt of spans: the one before it, and the oldest span in it.
  #beforeMs: number = Number.NEGATIVE_INFINITY;
  #oldestMs: number = Number.POSITIVE_INFINITY;

  /** Any sign of life. */
  hear(receivedMs: number): void {
    if (receivedMs - this.heardMs > FRESH_MS) this.heardSinceMs = receivedMs;
    this.heardMs = Math.max(this.heardMs, receivedMs);
  }

  /** A live span ended at `timeMs`. */
  span(timeMs: number, receivedMs: number): void {
    this.raise(Math.min(timeMs, receivedMs));
    if (receivedMs !== this.spansMs) {
      this.#beforeMs = this.spansMs;
      this.#oldestMs = Number.POSITIVE_INFINITY;
      this.waitMs *= WAIT_LEFT;
    }
    this.spansMs = receivedMs;
    this.#oldestMs = Math.min(this.#oldestMs, timeMs);
    this.backlog = receivedMs - (this.watermarkMs ?? timeMs) > BACKLOG_MS;
    if (this.backlog || this.#beforeMs === Number.NEGATIVE_INFINITY) return;
    // A single span that comes late, between others, is no batch. Nor is what comes first: nobody knows yet what follows.
    const waitedMs = receivedMs - Math.max(this.#oldestMs, this.#beforeMs);
    this.waitMs = Math.max(this.waitMs, Math.min(waitedMs, LONGEST_WAIT_MS));
  }

  point(timeMs: number, receivedMs: number): void {
    if (receivedMs - timeMs <= BACKLOG_MS) this.freshPointsMs = Math.max(this.freshPointsMs, receivedMs);
  }

  raise(timeMs: number): void {
    if (this.watermarkMs === undefined || timeMs > this.watermarkMs) this.watermarkMs = timeMs;
  }

  /**
   * Whether the time up to `nowMs` was silence of this service. Not if it was not heard of for a minute, and not
   * while its spans may be on their way: while it sends a backlog, and after it came back from a silence. Then
   * half a minute of fresh metrics without spans shows that none are coming. Of a service that has never sent a span none are
   * expected, however old its metrics look: its clock may be behind.
   */
  isQuietAt(nowMs: number): boolean {
    if (nowMs - this.heardMs > FRESH_MS) return false;
    if (this.watermarkMs === undefined) return true;
    if (!this.backlog && this.heardSinceMs <= this.spansMs) return true;
    const expectedSinceMs = Math.max(this.spansMs, this.heardSinceMs);
    const isFresh = nowMs - this.freshPointsMs <= FRESH_MS || this.spansMs === Number.NEGATIVE_INFINITY;
    return nowMs - expectedSinceMs >= BACKLOG_MS && isFresh;
  }

  save(): Saved {
    const { watermarkMs, heardMs, heardSinceMs, spansMs, freshPointsMs, backlog, waitMs } = this;
    const times = { watermarkMs: watermarkMs ?? null, heardMs, heardSinceMs, spansMs, freshPointsMs };
    return { ...times, backlog, waitMs, beforeMs: this.#beforeMs, oldestMs: this.#oldestMs };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("a saved clock", saved);
    this.watermarkMs = fields.optionalNumber("watermarkMs");
    this.heardMs = fields.number("heardMs");
    this.heardSinceMs = fields.number("heardSinceMs");
    this.spansMs = fields.number("spansMs");
    this.freshPointsMs = fields.number("freshPointsMs");
    this.backlog = fields.boolean("backlog");
    // Earlier versions did not know how long its spans wait.
    if (!Object.hasOwn(Object(saved), "waitMs")) return;
    this.waitMs = fields.number("waitMs");
    this.#beforeMs = fields.number("beforeMs");
    this.#oldestMs = fields.number("oldestMs");
  }
}

/**
 * The event time up to which the statistics are complete but for late spans: that of the most advanced
 * service. It never goes back and, since a service's is never ahead of its records' receipt, no wrong clock
 * can push it ahead.
 */
export class Watermark implements Savable {
  #timeMs: number | undefined;

  /** Undefined before the first event. */
  get timeMs(): number | undefined {
    return this.#timeMs;
  }

  /** Follows a service; returns the new time if it rose. */
  follow({ watermarkMs }: ServiceClock): number | undefined {
    if (watermarkMs === undefined || (this.#timeMs !== undefined && watermarkMs <= this.#timeMs))
      return undefined;
    this.#timeMs = watermarkMs;
    return watermarkMs;
  }

  save(): Saved {
    return { timeMs: this.#timeMs ?? null };
  }

  load(saved: Saved): void {
    this.#timeMs = new SavedFields("a saved watermark", saved).optionalNumber("timeMs");
  }
}
