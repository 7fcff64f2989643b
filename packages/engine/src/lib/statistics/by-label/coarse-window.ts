import { type Mergeable, PaneWindow, type Savable, type Saved, SavedFields } from "@slipstream/stats";
import type { Instant } from "../statistic.ts";

const SHORT_PANE_MS = 300_000;
const LONG_PANE_MS = 3_600_000;
/** Longer windows have long panes, so that there are never more than about 700 of them. */
const LONG_SECONDS = 172_800;

/** Length of a pane of verdicts, for a window. */
export function coarsePaneMs(seconds: number): number {
  return seconds > LONG_SECONDS ? LONG_PANE_MS : SHORT_PANE_MS;
}

export interface CoarseWindowOptions<T> {
  readonly seconds: number;
  /** A multiple of 5,000. */
  readonly paneMs: number;
  /** How far back an instant may still be read. */
  readonly amendmentSeconds: number;
  readonly create: () => T;
}

/**
 * The last `seconds` of event time, and what came before them in the pane that they begin in. Panes are longer than the 5 s
 * of `Window`, so that one for each value of a label fits into little memory.
 */
export class CoarseWindow<T extends Mergeable<T> & Savable> implements Savable {
  readonly #options: CoarseWindowOptions<T>;
  readonly #panes: PaneWindow<T>;

  constructor(options: CoarseWindowOptions<T>) {
    const { seconds, paneMs, amendmentSeconds, create } = options;
    this.#options = options;
    const keepMs = (seconds + amendmentSeconds) * 1_000 + 2 * paneMs;
    this.#panes = new PaneWindow({ paneMs, keepMs, create });
  }

  at(timeMs: number): T | undefined {
    return this.#panes.at(timeMs);
  }

  /** What is known of the window, and its true length in seconds. */
  before({ boundaryMs }: Pick<Instant, "boundaryMs">): { readonly all: T; readonly seconds: number } {
    const { seconds, paneMs } = this.#options;
    const fromMs = Math.floor((boundaryMs - seconds * 1_000) / paneMs) * paneMs;
    const toMs = Math.ceil(boundaryMs / paneMs) * paneMs;
    return { all: this.#panes.merged(fromMs, toMs), seconds: (boundaryMs - fromMs) / 1_000 };
  }

  /** What was counted in (fromMs, toMs], both ends of panes, as far as it is kept. */
  between(fromMs: number, toMs: number): T {
    return this.#panes.merged(fromMs, toMs);
  }

  advance(timeMs: number): void {
    this.#panes.advance(timeMs);
  }

  save(): Saved {
    return { paneMs: this.#options.paneMs, panes: this.#panes.save() };
  }

  /** Begins with nothing if panes were of another length. */
  load(saved: Saved): void {
    const fields = new SavedFields("a saved window", saved);
    if (fields.number("paneMs") === this.#options.paneMs) this.#panes.load(fields.any("panes"));
  }
}
