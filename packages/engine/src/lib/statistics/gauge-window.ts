import { serviceMetrics } from "@slipstream/conventions";
import { type Mergeable, type Savable, type Saved, SavedFields } from "@slipstream/stats";
import { FRESH_MS } from "../boundaries.ts";
import type { PointEvent } from "../event.ts";
import type { EngineOptions } from "../options.ts";
import { processOf } from "../process-key.ts";
import type { Instant } from "./statistic.ts";
import { nothingIn, Window } from "./window.ts";

/** Processes whose gauges are held at a time. */
const MOST_PROCESSES = 512;

interface Latest {
  readonly timeMs: number;
  /** NaN: the process said that it ended. Infinite: what it reported cannot be one. */
  readonly value: number;
}

/** The latest value of each process, by the points' own time. */
class LatestValues implements Mergeable<LatestValues>, Savable {
  readonly byProcess: Map<string, Latest> = new Map();
  /** There were more processes than are held. */
  overflown = false;

  set(process: string, point: Latest): void {
    const known = this.byProcess.get(process);
    if (known === undefined && this.byProcess.size >= MOST_PROCESSES) {
      this.overflown = true;
    } else if (known === undefined || isLater(point, known)) {
      this.byProcess.set(process, point);
    }
  }

  merge(other: LatestValues): void {
    for (const [process, point] of other.byProcess) this.set(process, point);
    this.overflown ||= other.overflown;
  }

  save(): Saved {
    const points = Array.from(this.byProcess.values(), ({ timeMs, value }) => [timeMs, value]);
    return {
      processes: [...this.byProcess.keys()],
      points: Float64Array.from(points.flat()),
      overflown: this.overflown,
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved gauges", saved);
    const processes = fields.texts("processes");
    const points = fields.doubles("points", 2 * processes.length);
    for (const [i, process] of processes.entries()) {
      this.byProcess.set(process, { timeMs: points[2 * i] as number, value: points[2 * i + 1] as number });
    }
    this.overflown = fields.boolean("overflown");
  }
}

const UNREADABLE = Number.POSITIVE_INFINITY;

/** The values that processes report and that are fresh. */
export interface FreshValues {
  /** Latest value by process. */
  readonly values: ReadonlyMap<string, number>;
  /** Services of which at least one process reports what cannot be a value. */
  readonly unreadable: ReadonlySet<string>;
  /** Why nothing can be said about all processes together; undefined where something can. */
  readonly reason: string | undefined;
}

/** What was read at an instant, by all of it that matters. */
interface LastRead extends Pick<Instant, "boundaryMs" | "live"> {
  readonly values: FreshValues;
}

/** The latest value of a gauge that each process reported within the last minute before an instant. */
export class GaugeWindow implements Savable {
  readonly seconds: number = FRESH_MS / 1_000;
  readonly #what: string;
  readonly #window: Window<LatestValues>;
  // What was read last, until something changes: rules read it several times a second, and points come more seldom.
  #last: LastRead | undefined;

  /** @param what the gauge's name, for the reason of an unknown one */
  constructor(what: string, { amendmentSeconds }: EngineOptions) {
    this.#what = what;
    this.#window = new Window({
      seconds: this.seconds,
      amendmentSeconds,
      create: () => new LatestValues(),
    });
  }

  observe({ timeMs, process, value }: PointEvent): void {
    this.#set(process, { timeMs, value: value ?? UNREADABLE });
  }

  /** Takes what a process says of itself: what one reported that ended is gone, until it reports again. */
  observeProcess({ timeMs, process, name, value }: PointEvent): void {
    if (name === serviceMetrics.processUp.name && value === 0)
      this.#set(process, { timeMs, value: Number.NaN });
  }

  advance(timeMs: number): void {
    this.#last = undefined;
    this.#window.advance(timeMs);
  }

  read(instant: Instant): FreshValues {
    const { boundaryMs, live } = instant;
    const last = this.#last;
    if (last !== undefined && last.boundaryMs === boundaryMs && last.live === live) return last.values;
    const values = this.#read(instant);
    this.#last = { boundaryMs, live, values };
    return values;
  }

  #read(instant: Instant): FreshValues {
    const { byProcess, overflown } = this.#window.before(instant);
    const values = new Map<string, number>();
    const unreadable = new Set<string>();
    for (const [process, { value }] of byProcess) {
      if (value === UNREADABLE) unreadable.add(processOf(process).service);
      else if (!Number.isNaN(value)) values.set(process, value);
    }
    const [odd] = unreadable;
    const reason =
      odd === undefined
        ? this.#reason(values.size, byProcess.size, overflown, instant)
        : `what ${odd} reports as ${this.#what} is refused: see refusedValues of the service`;
    return { values, unreadable, reason };
  }

  save(): Saved {
    return this.#window.save();
  }

  load(saved: Saved): void {
    this.#last = undefined;
    this.#window.load(saved);
  }

  #set(process: string, latest: Latest): void {
    this.#last = undefined;
    this.#window.at(latest.timeMs)?.set(process, latest);
  }

  #reason(count: number, known: number, overflown: boolean, instant: Instant): string | undefined {
    if (overflown) return `more than ${MOST_PROCESSES} processes report ${this.#what}`;
    if (count === 0 && known > 0) return `every process that reported ${this.#what} has ended`;
    return count === 0 ? nothingIn(this.seconds, this.#what, instant) : undefined;
  }
}

// Of one time, that the process ended; else the larger value. So the order of their arrival does not matter.
function isLater(a: Latest, b: Latest): boolean {
  if (a.timeMs !== b.timeMs) return a.timeMs > b.timeMs;
  return a.value > b.value || (Number.isNaN(a.value) && !Number.isNaN(b.value));
}

/** Values of the processes of each service all of whose processes report values. */
export function byService({
  values,
  unreadable,
}: Pick<FreshValues, "values" | "unreadable">): ReadonlyMap<string, readonly number[]> {
  const services = new Map<string, number[]>();
  for (const [process, value] of values) {
    const { service } = processOf(process);
    if (unreadable.has(service)) continue;
    const own = services.get(service);
    if (own === undefined) services.set(service, [value]);
    else own.push(value);
  }
  return services;
}
