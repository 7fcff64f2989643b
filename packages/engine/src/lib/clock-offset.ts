import { type Savable, type Saved, SavedFields } from "@slipstream/stats";

/** A clock that is behind by more than this is corrected for; less may be the way of the data. */
const BEHIND_MS = 10_000;
/** It is no longer corrected for once it is behind by less than this. */
const RIGHT_MS = 5_000;
/** The lag is taken as the least of each of these stretches of receipt, for a batch may wait before it is sent. */
const STRETCH_MS = 1_000;
const MOST_STRETCHES = 60;
/** Receipts, and stretches that are over, that an estimate rests on at least. */
const LEAST_RECEIPTS = 5;
const LEAST_STRETCHES = 3;
/** A lag that differs by more is another one: the clock was set, or a backlog comes. */
const JUMP_MS = 6_000;
/** A lag is steady if it changes by less than this, and by less than this share of the time that passed. */
const JITTER_MS = 250;
const STEADY_SHARE = 0.1;

/** The least lag in a stretch of receipt. */
interface Stretch {
  readonly number: number;
  readonly beganMs: number;
  lagMs: number;
}

/**
 * How far the clock of one process is behind the aggregator's, estimated from the lag of its data: receipt less the newest time
 * in what was received. A clock that is behind makes a lag that stays the same. A backlog after an outage arrives faster than
 * it came about, so its lag shrinks as fast; while it does, the last estimate holds. Data is never older than its lag, so the clock
 * is never taken to be further behind than the least lag of late.
 *
 * What comes in one receipt counts as one, however it is cut: an estimate is of the receipts before.
 */
export class ClockOffset implements Savable {
  /** Name of the service, as it is counted. */
  readonly service: string;
  readonly instance: string;
  /** The estimate; undefined until there is one. */
  estimateMs: number | undefined;
  #isBehind = false;
  // The receipt that is not over yet.
  #receivedMs: number = Number.NEGATIVE_INFINITY;
  #newestMs: number = Number.NEGATIVE_INFINITY;
  // Since the lag last changed by more than a little.
  #stretches: Stretch[] = [];
  #receipts = 0;

  constructor(service: string, instance: string) {
    this.service = service;
    this.instance = instance;
  }

  /** How far behind it is taken to be, ms; 0: it is right, as far as is known. */
  get behindMs(): number {
    return this.#isBehind ? (this.estimateMs ?? 0) : 0;
  }

  get receivedMs(): number {
    return this.#receivedMs;
  }

  /** From when to when its data was placed, Unix ms, while the lag was measured that the estimate rests on. */
  get placed(): readonly [fromMs: number, toMs: number] {
    const { least, most } = this.#range(this.#stretches);
    const beganMs = this.#stretches[0]?.beganMs ?? this.#receivedMs;
    return [beganMs - most - JUMP_MS, this.#receivedMs - least];
  }

  /** Something of the process has this time, Unix ms, and was received then. */
  observe(timeMs: number, receivedMs: number): void {
    if (receivedMs !== this.#receivedMs) {
      if (this.#newestMs > Number.NEGATIVE_INFINITY) this.#take(this.#receivedMs - this.#newestMs);
      this.#receivedMs = receivedMs;
      this.#newestMs = Number.NEGATIVE_INFINITY;
    }
    this.#newestMs = Math.max(this.#newestMs, Math.min(timeMs, receivedMs));
  }

  save(): Saved {
    const { service, instance } = this;
    return {
      service,
      instance,
      estimateMs: this.estimateMs ?? null,
      isBehind: this.#isBehind,
      receivedMs: this.#receivedMs,
      newestMs: this.#newestMs,
      stretches: Float64Array.from(
        this.#stretches.flatMap(({ number, beganMs, lagMs }) => [number, beganMs, lagMs]),
      ),
      receipts: this.#receipts,
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("a saved clock of a process", saved);
    this.estimateMs = fields.optionalNumber("estimateMs");
    this.#isBehind = fields.boolean("isBehind");
    this.#receivedMs = fields.number("receivedMs");
    this.#newestMs = fields.number("newestMs");
    const stretches = fields.doubles("stretches");
    for (let at = 0; at + 2 < stretches.length; at += 3) {
      const [number = 0, beganMs = 0, lagMs = 0] = stretches.subarray(at, at + 3);
      this.#stretches.push({ number, beganMs, lagMs });
    }
    this.#receipts = fields.number("receipts");
  }

  /** Takes the lag of the receipt that is over, now that the next one comes. */
  #take(lagMs: number): void {
    const receivedMs = this.#receivedMs;
    if (this.#isAnother(lagMs)) this.#restart();
    const number = Math.floor(receivedMs / STRETCH_MS);
    const last = this.#stretches.at(-1);
    if (last?.number === number) last.lagMs = Math.min(last.lagMs, lagMs);
    else this.#stretches.push({ number, beganMs: receivedMs, lagMs });
    if (this.#stretches.length > MOST_STRETCHES) this.#stretches.shift();
    this.#receipts += 1;
    this.#estimate(lagMs);
  }

  #isAnother(lagMs: number): boolean {
    const { least, most } = this.#range(this.#stretches);
    return this.#stretches.length > 0 && (lagMs > most + JUMP_MS || lagMs < least - JUMP_MS);
  }

  #restart(): void {
    this.#stretches = [];
    this.#receipts = 0;
  }

  #estimate(lagMs: number): void {
    if (this.#isSteady()) this.estimateMs = this.#range(this.#stretches).least;
    else if (this.estimateMs !== undefined && lagMs < this.estimateMs) this.estimateMs = lagMs;
    const { estimateMs = 0 } = this;
    if (estimateMs > BEHIND_MS) this.#isBehind = true;
    else if (estimateMs < RIGHT_MS) this.#isBehind = false;
  }

  /** Of stretches that are over: within one, the least lag of a backlog is always the last one. */
  #isSteady(): boolean {
    const over = this.#stretches.slice(0, -1);
    const [first, last] = [over[0], over.at(-1)];
    if (this.#receipts < LEAST_RECEIPTS || over.length < LEAST_STRETCHES) return false;
    const passedMs = (last?.beganMs ?? 0) - (first?.beganMs ?? 0);
    const { least, most } = this.#range(over);
    return most - least <= Math.min(JITTER_MS + STEADY_SHARE * passedMs, JUMP_MS);
  }

  #range(stretches: readonly Stretch[]): { readonly least: number; readonly most: number } {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { lagMs } of stretches) {
      least = Math.min(least, lagMs);
      most = Math.max(most, lagMs);
    }
    return { least, most };
  }
}
