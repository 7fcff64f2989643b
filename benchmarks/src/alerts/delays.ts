import { nearestRank } from "@slipstream/stats";

/** How long notifications took. */
export interface Delays {
  /** Conditions that became true. */
  readonly alerts: number;
  /** Of them: those that were notified. */
  readonly notified: number;
  /** Of those that were notified, ms; NaN if none was. */
  readonly p50: number;
  /** See `p50`. */
  readonly p99: number;
  readonly longest: number;
}

/** Takes the times at which conditions became true and notifications came. */
export class Stopwatches {
  readonly #began: Map<string, number> = new Map();
  readonly #took: Map<string, number> = new Map();

  /** @param name of the alert, which is started once */
  start(name: string): void {
    this.#began.set(name, performance.now());
  }

  /** The first notification of it counts. */
  stop(name: string): void {
    const beganMs = this.#began.get(name);
    if (beganMs === undefined || this.#took.has(name)) return;
    this.#took.set(name, performance.now() - beganMs);
  }

  /** Whether every one that was started was stopped. */
  get isDone(): boolean {
    return this.#took.size === this.#began.size;
  }

  get delays(): Delays {
    return delaysOf(this.#began.size, [...this.#took.values()]);
  }
}

/** Percentiles are of the nearest rank. */
export function delaysOf(alerts: number, took: readonly number[]): Delays {
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[nearestRank(share, sorted.length) - 1] ?? Number.NaN;
  return { alerts, notified: sorted.length, p50: at(0.5), p99: at(0.99), longest: at(1) };
}
