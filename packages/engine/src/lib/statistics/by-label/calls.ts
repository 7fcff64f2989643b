import { type Mergeable, QuantileSketch, type Savable, type Saved, SavedFields } from "@slipstream/stats";
import type { Call } from "../../event.ts";
import { Share } from "../counts.ts";

/** Calls of one service. */
export class Calls implements Mergeable<Calls>, Savable {
  /** `part`: those that failed. */
  readonly calls: Share = new Share();
  /** Seconds. */
  readonly latency: QuantileSketch = new QuantileSketch();

  count({ failed }: Call, seconds: number): void {
    this.calls.count(failed);
    this.latency.record(seconds);
  }

  merge(other: Calls): void {
    this.calls.merge(other.calls);
    this.latency.merge(other.latency);
  }

  save(): Saved {
    return { calls: this.calls.save(), latency: this.latency.save() };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved calls of a service", saved);
    this.calls.load(fields.any("calls"));
    this.latency.load(fields.any("latency"));
  }
}
