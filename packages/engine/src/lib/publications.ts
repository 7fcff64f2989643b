import { type DashboardStatistic, dashboardValues } from "@slipstream/conventions";
import { type Savable, type Saved, SavedFields } from "@slipstream/stats";
import type { Activity } from "./activity.ts";
import { BOUNDARY_MS, boundaryAtOrAfter, boundaryAtOrBefore } from "./boundaries.ts";
import type { DashboardInstant, Publication } from "./model.ts";
import type { Entry, Instant } from "./statistics/statistic.ts";

/** Reads the statistics of the dashboard at an instant. */
export type ReadInstant = (instant: Instant) => Readonly<Record<string, Entry>>;

export interface PublicationOptions {
  readonly allowedLatenessMs: number;
  readonly amendmentSeconds: number;
  readonly rateWindowSeconds: number;
}

/**
 * Decides which instants are due and which must be given again. An instant is due once the watermark is
 * `allowedLatenessMs` past it; it is published if a service was live, so that a gap of hours costs nothing.
 * What comes for an instant that was due before makes it, and those after it, be read again: once, with the
 * next instant that is due or, if none is, by a tick 5 s later; and published if their values changed.
 */
export class Publications implements Savable {
  readonly #allowedLatenessMs: number;
  readonly #amendmentMs: number;
  readonly #rateWindowMs: number;
  readonly #activity: Activity;
  readonly #read: ReadInstant;
  // The last instant that was due. Undefined before the first event.
  #throughMs: number | undefined;
  // Up to here instants stay as they are, for the statistics are read in another way since.
  #fixedThroughMs: number = Number.NEGATIVE_INFINITY;
  #amendFromMs: number = Number.POSITIVE_INFINITY;
  // The first tick since something waits to be amended.
  #touchedMs: number = Number.POSITIVE_INFINITY;
  // What was published of the instants that may still be amended, as JSON.
  readonly #published: Map<number, string> = new Map();

  constructor(options: PublicationOptions, activity: Activity, read: ReadInstant) {
    this.#allowedLatenessMs = options.allowedLatenessMs;
    this.#amendmentMs = options.amendmentSeconds * 1_000;
    this.#rateWindowMs = options.rateWindowSeconds * 1_000;
    this.#activity = activity;
    this.#read = read;
  }

  /** The newest instant that is due at the watermark and was not yet; undefined if there is none. */
  due(watermarkMs: number): number | undefined {
    const latestMs = boundaryAtOrBefore(watermarkMs - this.#allowedLatenessMs);
    // Without allowed lateness: what ends on the boundary itself still belongs to it.
    const newestMs = latestMs === watermarkMs ? latestMs - BOUNDARY_MS : latestMs;
    this.#throughMs ??= this.#beforeFirst(newestMs);
    return newestMs > this.#throughMs ? newestMs : undefined;
  }

  /** Whether the instant that the time belongs to was due before. */
  isLate(timeMs: number): boolean {
    return this.#throughMs !== undefined && timeMs <= this.#throughMs;
  }

  /** Whether that instant can no longer be amended. */
  isTooLate(timeMs: number): boolean {
    return this.#throughMs !== undefined && timeMs <= this.#throughMs - this.#amendmentMs;
  }

  /** Something that belongs to the time was observed. */
  touch(timeMs: number): void {
    if (this.isLate(timeMs)) this.#amendFromMs = Math.min(this.#amendFromMs, boundaryAtOrAfter(timeMs));
  }

  /** Publishes what is due up to the boundary, amendments of earlier instants first. */
  publishThrough(boundaryMs: number, into: Publication[]): void {
    if (this.#throughMs === undefined) return;
    this.#amend(into);
    this.#publishLive(this.#throughMs + BOUNDARY_MS, boundaryMs, false, into);
    this.#throughMs = boundaryMs;
    for (const timeMs of this.#published.keys()) {
      if (timeMs <= boundaryMs - this.#amendmentMs) this.#published.delete(timeMs);
    }
  }

  /** Amends what was touched 5 s of receipt ago or longer, as far as ticks can tell. */
  tick(nowMs: number, into: Publication[]): void {
    if (this.#amendFromMs === Number.POSITIVE_INFINITY) return;
    this.#touchedMs = Math.min(this.#touchedMs, nowMs);
    if (nowMs - this.#touchedMs >= BOUNDARY_MS) this.#amend(into);
  }

  /** Amends what waits for it, for the last time: what is published up to here is not read again. */
  fix(into: Publication[]): void {
    this.#amend(into);
    this.#fixedThroughMs = this.#throughMs ?? this.#fixedThroughMs;
  }

  save(): Saved {
    return {
      throughMs: this.#throughMs ?? null,
      fixedThroughMs: this.#fixedThroughMs,
      amendFromMs: this.#amendFromMs,
      touchedMs: this.#touchedMs,
      publishedMs: Float64Array.from(this.#published.keys()),
      published: [...this.#published.values()],
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved publications", saved);
    this.#throughMs = fields.optionalNumber("throughMs");
    this.#fixedThroughMs = fields.number("fixedThroughMs");
    this.#amendFromMs = fields.number("amendFromMs");
    this.#touchedMs = fields.number("touchedMs");
    const published = fields.texts("published");
    const times = fields.doubles("publishedMs", published.length);
    for (const [i, json] of published.entries()) this.#published.set(times[i] as number, json);
  }

  /** Publishes those instants again that were touched since and whose values have changed. */
  #amend(into: Publication[]): void {
    const throughMs = this.#throughMs;
    if (throughMs === undefined || this.#amendFromMs > throughMs) return;
    const fixedMs = Math.max(throughMs - this.#amendmentMs, this.#fixedThroughMs);
    const firstMs = Math.max(this.#amendFromMs, fixedMs + BOUNDARY_MS);
    this.#amendFromMs = Number.POSITIVE_INFINITY;
    this.#touchedMs = Number.POSITIVE_INFINITY;
    this.#publishLive(firstMs, throughMs, true, into);
  }

  /**
   * Counts what would have been due before there was anything as published. Only gauges may be there already.
   */
  #beforeFirst(newestMs: number): number {
    const first = this.#activity.nextLive(newestMs - this.#amendmentMs + BOUNDARY_MS) ?? newestMs;
    return Math.min(newestMs, first - BOUNDARY_MS);
  }

  #publishLive(fromMs: number, toMs: number, amended: boolean, into: Publication[]): void {
    let timeMs = this.#activity.nextLive(fromMs);
    while (timeMs !== undefined && timeMs <= toMs) {
      const values = this.#valuesAt(timeMs);
      const json = JSON.stringify(values);
      if (this.#published.get(timeMs) !== json) {
        this.#published.set(timeMs, json);
        into.push({ timeMs, values, amended });
      }
      timeMs = this.#activity.nextLive(timeMs + BOUNDARY_MS);
    }
  }

  #valuesAt(boundaryMs: number): DashboardInstant {
    const liveSinceMs = this.#activity.liveSince(boundaryMs, boundaryMs - this.#rateWindowMs);
    // What the dashboard shows does not go by time of receipt.
    const instant = {
      boundaryMs,
      coveredMs: boundaryMs,
      receivedMs: boundaryMs,
      live: true,
      liveSinceMs,
      newest: false,
    };
    return knownValues(this.#read(instant));
  }
}

/** The dashboard's values of what was read; unknown ones are absent. */
export function knownValues(entries: Readonly<Record<string, Entry>>): DashboardInstant {
  const values: Partial<Record<DashboardStatistic, number | string>> = {};
  for (const { statistic } of dashboardValues) {
    const entry = entries[statistic];
    if (entry !== undefined && "value" in entry && entry.value !== null) values[statistic] = entry.value;
  }
  return values;
}
