import { type Mergeable, PaneWindow, type Savable, type Saved } from "@slipstream/stats";
import { MINUTE_MS, minuteEnd } from "../../history/minutes.ts";
import type { EngineOptions } from "../../options.ts";
import type { Instant } from "../statistic.ts";

/**
 * The last `seconds` of event time, and what came before them in the minute that they begin in: panes of a minute take a
 * twelfth of the memory that those of 5 s do.
 */
export class MinuteWindow<T extends Mergeable<T> & Savable> implements Savable {
  readonly #seconds: number;
  readonly #create: () => T;
  readonly #panes: PaneWindow<T>;

  constructor(
    seconds: number,
    { amendmentSeconds }: Pick<EngineOptions, "amendmentSeconds">,
    create: () => T,
  ) {
    this.#seconds = seconds;
    this.#create = create;
    const keepMs = Math.max(seconds, amendmentSeconds) * 1_000 + 2 * MINUTE_MS;
    this.#panes = new PaneWindow({ paneMs: MINUTE_MS, keepMs, create });
  }

  at(timeMs: number): T | undefined {
    return this.#panes.at(timeMs);
  }

  /** What is known of the window, which is empty if no service is live; and its true length in seconds. */
  before({ boundaryMs, live }: Instant): { readonly all: T; readonly seconds: number } {
    const fromMs = Math.floor((boundaryMs - this.#seconds * 1_000) / MINUTE_MS) * MINUTE_MS;
    const all = live ? this.#panes.merged(fromMs, minuteEnd(boundaryMs)) : this.#create();
    return { all, seconds: (boundaryMs - fromMs) / 1_000 };
  }

  /** What was counted in (fromMs, toMs], both whole minutes, as far as it is kept. */
  between(fromMs: number, toMs: number): T {
    return this.#panes.merged(fromMs, toMs);
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
