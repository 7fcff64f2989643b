import { elapsedText } from "@slipstream/alerts";
import { type Mergeable, PaneWindow, type Savable, type Saved } from "@slipstream/stats";
import { BOUNDARY_MS } from "../boundaries.ts";
import type { SpanEvent } from "../event.ts";
import type { EngineOptions } from "../options.ts";
import type { Instant } from "./statistic.ts";

/** What a window is cut by and how long it is kept. */
export interface WindowOptions<T> {
  readonly seconds: number;
  /** How far back an instant may still be read. */
  readonly amendmentSeconds: number;
  readonly create: () => T;
}

/** The last `seconds` of event time before an instant. */
export class Window<T extends Mergeable<T> & Savable> implements Savable {
  readonly seconds: number;
  readonly #panes: PaneWindow<T>;
  readonly #create: () => T;

  constructor({ seconds, amendmentSeconds, create }: WindowOptions<T>) {
    this.seconds = seconds;
    this.#create = create;
    const keepMs = (seconds + amendmentSeconds) * 1_000 + 2 * BOUNDARY_MS;
    this.#panes = new PaneWindow({ paneMs: BOUNDARY_MS, keepMs, create });
  }

  /** The pane that the event belongs to; undefined where it belongs in no window. */
  paneOf(event: SpanEvent): T | undefined {
    return event.live && event.inWindow ? this.#panes.at(event.timeMs) : undefined;
  }

  at(timeMs: number): T | undefined {
    return this.#panes.at(timeMs);
  }

  /** What was observed in the window before the instant: nothing where no service is live. */
  before({ boundaryMs, live }: Instant): T {
    return live ? this.#panes.merged(boundaryMs - this.seconds * 1_000, boundaryMs) : this.#create();
  }

  /** What was observed in (fromMs, toMs], both multiples of 5 s, as far as it is kept. */
  between(fromMs: number, toMs: number): T {
    return toMs > fromMs ? this.#panes.merged(fromMs, toMs) : this.#create();
  }

  advance(timeMs: number): void {
    this.#panes.advance(timeMs);
  }

  save(): Saved {
    return this.#panes.save();
  }

  load(saved: Saved): void {
    this.#panes.load(saved);
  }
}

/** The window of rates, which can be amended. */
export function rateWindow<T extends Mergeable<T> & Savable>(
  options: EngineOptions,
  create: () => T,
): Window<T> {
  return new Window({
    seconds: options.rateWindowSeconds,
    amendmentSeconds: options.amendmentSeconds,
    create,
  });
}

/** The window of percentiles, which can be amended. */
export function percentileWindow<T extends Mergeable<T> & Savable>(
  options: EngineOptions,
  create: () => T,
): Window<T> {
  return new Window({
    seconds: options.percentileWindowSeconds,
    amendmentSeconds: options.amendmentSeconds,
    create,
  });
}

/** Why a window that is empty gives no value. */
export function nothingIn(seconds: number, what: string, { live }: Instant): string {
  return live
    ? `no ${what} in the last ${elapsedText(seconds)}`
    : "no data from any service in the last 60 s";
}
