import { type Mergeable, PaneWindow, type Savable, type Saved, SavedFields } from "@slipstream/stats";

const PANE_MS = 15_000;
/** The longest window that a rule may have. */
const LONGEST_MS = 3_600_000;

/** Numbered spans that ended in a time, and those of them that have not come. */
class Ended implements Mergeable<Ended>, Savable {
  ended = 0;
  missing = 0;

  merge(other: Ended): void {
    this.ended += other.ended;
    this.missing += other.missing;
  }

  save(): Saved {
    return { ended: this.ended, missing: this.missing };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved spans that ended", saved);
    this.ended = fields.number("ended");
    this.missing = fields.number("missing");
  }
}

/** What is known of the spans that ended in a window. */
export interface RecentSpans {
  readonly ended: number;
  readonly missing: number;
  /** The true length of the window: it begins with a pane. */
  readonly seconds: number;
}

/**
 * Spans of a service that ended lately, by when their numbers were first heard of, and how many of them have not come. One
 * that comes late no longer counts as missing at the time when it was missed. Nobody knows when the spans ended that a process
 * numbered before the first one that came, so such a span counts only if it comes. All times are of receipt.
 */
export class RecentCompleteness implements Savable {
  readonly #panes: PaneWindow<Ended> = new PaneWindow({
    paneMs: PANE_MS,
    keepMs: LONGEST_MS + PANE_MS,
    create: () => new Ended(),
  });
  /** Since counting began. */
  #ended = 0;
  #arrived = 0;

  /** Counters: spans that ended, and that came. */
  get totals(): { readonly ended: number; readonly arrived: number } {
    return { ended: this.#ended, arrived: this.#arrived };
  }

  /** A span came, and so many numbers before its own were passed over. */
  count(passedOver: number, receivedMs: number): void {
    this.#panes.advance(receivedMs);
    const pane = this.#panes.at(receivedMs);
    if (pane !== undefined) {
      pane.ended += 1 + passedOver;
      pane.missing += passedOver;
    }
    this.#ended += 1 + passedOver;
    this.#arrived += 1;
  }

  /** A span came that was passed over at `missedMs`. */
  arrive(missedMs: number): void {
    const pane = this.#panes.at(missedMs);
    if (pane !== undefined && pane.missing > 0) pane.missing -= 1;
    this.#arrived += 1;
  }

  read(seconds: number, nowMs: number): RecentSpans {
    const fromMs = Math.floor((nowMs - seconds * 1_000) / PANE_MS) * PANE_MS;
    const toMs = Math.ceil(nowMs / PANE_MS) * PANE_MS;
    const { ended, missing } = this.#panes.merged(fromMs, toMs);
    return { ended, missing, seconds: (nowMs - fromMs) / 1_000 };
  }

  save(): Saved {
    return { ended: this.#ended, arrived: this.#arrived, panes: this.#panes.save() };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved recent spans", saved);
    this.#ended = fields.number("ended");
    this.#arrived = fields.number("arrived");
    this.#panes.load(fields.any("panes"));
  }
}
