import { type Mergeable, type Savable, type Saved, SavedFields } from "@slipstream/stats";
import { FRESH_MS } from "../boundaries.ts";
import type { PointEvent } from "../event.ts";
import type { EngineOptions } from "../options.ts";
import type { Instant } from "./statistic.ts";
import { nothingIn, Window } from "./window.ts";

/** Processes whose gauges are held at a time. */
const MOST_PROCESSES = 512;

interface Latest {
  readonly timeMs: number;
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

/** The values that processes report and that are fresh. */
export interface FreshValues {
  /** Latest value by process. */
  readonly values: ReadonlyMap<string, number>;
  /** Why nothing can be said about all processes together; undefined where something can. */
  readonly reason: string | undefined;
}

/** The latest value of a gauge that each process reported within the last minute before an instant. */
export class GaugeWindow implements Savable {
  readonly seconds: number = FRESH_MS / 1_000;
  readonly #what: string;
  readonly #window: Window<LatestValues>;

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
    this.#window.at(timeMs)?.set(process, { timeMs, value });
  }

  advance(timeMs: number): void {
    this.#window.advance(timeMs);
  }

  read(instant: Instant): FreshValues {
    const { byProcess, overflown } = this.#window.before(instant);
    const values = new Map(Array.from(byProcess, ([process, { value }]) => [process, value]));
    return { values, reason: this.#reason(values.size, overflown, instant) };
  }

  save(): Saved {
    return this.#window.save();
  }

  load(saved: Saved): void {
    this.#window.load(saved);
  }

  #reason(count: number, overflown: boolean, instant: Instant): string | undefined {
    if (overflown) return `more than ${MOST_PROCESSES} processes report ${this.#what}`;
    return count === 0 ? nothingIn(this.seconds, this.#what, instant) : undefined;
  }
}

// Two values of one time: the larger one, so that the order of their arrival does not matter.
function isLater(a: Latest, b: Latest): boolean {
  return a.timeMs > b.timeMs || (a.timeMs === b.timeMs && a.value > b.value);
}
