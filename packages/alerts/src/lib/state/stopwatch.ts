import { type Saved, SavedFields } from "@slipstream/stats";

/** Measures how long something has lasted. It can be stopped and go on. */
export class Stopwatch {
  #beforeMs = 0;
  /** Since when it runs, Unix ms. */
  #fromMs: number | undefined;

  get runs(): boolean {
    return this.#fromMs !== undefined;
  }

  get atZero(): boolean {
    return this.#fromMs === undefined && this.#beforeMs === 0;
  }

  start(nowMs: number): void {
    this.#fromMs ??= nowMs;
  }

  stop(nowMs: number): void {
    this.#beforeMs = this.elapsedMs(nowMs);
    this.#fromMs = undefined;
  }

  /** The last so many ms do not count. */
  skip(ms: number): void {
    if (this.#fromMs !== undefined) this.#fromMs += ms;
  }

  reset(): void {
    this.#beforeMs = 0;
    this.#fromMs = undefined;
  }

  elapsedMs(nowMs: number): number {
    return this.#beforeMs + (this.#fromMs === undefined ? 0 : nowMs - this.#fromMs);
  }

  /** When it will show so much if nobody stops it, Unix ms; infinite: never. */
  whenMs(elapsedMs: number): number {
    return this.#fromMs === undefined
      ? Number.POSITIVE_INFINITY
      : this.#fromMs + Math.max(0, elapsedMs - this.#beforeMs);
  }

  save(): Saved {
    return { beforeMs: this.#beforeMs, fromMs: this.#fromMs ?? null };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("a saved stopwatch", saved);
    this.#beforeMs = fields.number("beforeMs");
    this.#fromMs = fields.optionalNumber("fromMs");
  }
}
