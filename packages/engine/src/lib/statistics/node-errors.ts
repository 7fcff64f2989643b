import type { MetricFamily } from "@slipstream/exposition";
import { type Saved, SavedFields } from "@slipstream/stats";
import type { Call, EventKind, SpanEvent } from "../event.ts";
import type { StatisticValue } from "../model.ts";
import type { EngineOptions } from "../options.ts";
import { Share } from "./counts.ts";
import { shareEntry } from "./entries.ts";
import { nodeMethodFilter } from "./node-methods.ts";
import type { Instant, Statistic } from "./statistic.ts";
import { rateWindow, type Window } from "./window.ts";

/** The share of Solana JSON-RPC calls that failed, of the configured methods. */
export class NodeErrors implements Statistic {
  readonly name = "node_errors";
  readonly onDashboard = false;
  readonly kinds: readonly EventKind[] = ["node"];
  readonly #basis: string;
  readonly #counts: (call: Call) => boolean;
  // `part`: those that failed
  readonly #window: Window<Share>;

  constructor(options: EngineOptions) {
    this.#basis = JSON.stringify(options.nodeMethods);
    this.#counts = nodeMethodFilter(options);
    this.#window = rateWindow(options, () => new Share());
  }

  observe(event: SpanEvent): void {
    const { call } = event;
    if (call !== undefined && this.#counts(call)) this.#window.paneOf(event)?.count(call.failed);
  }

  advance(timeMs: number): void {
    this.#window.advance(timeMs);
  }

  save(): Saved {
    return { basis: this.#basis, window: this.#window.save() };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("a saved error rate", saved);
    if (fields.text("basis") === this.#basis) this.#window.load(fields.any("window"));
  }

  read(instant: Instant): Record<string, StatisticValue> {
    const { part, all } = this.#window.before(instant);
    return { node_error_rate: shareEntry(part, all, this.#window.seconds, "RPC calls", instant) };
  }

  collect(): MetricFamily[] {
    return [];
  }
}
