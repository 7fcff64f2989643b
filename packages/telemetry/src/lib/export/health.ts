import { quantity } from "@slipstream/conventions";
import type { DeliveryReports } from "./delivery-reports.ts";
import type { Outcome } from "./outcome.ts";

/** The state of delivery. Counts start at set-up. */
export interface ExportHealth {
  /** Bytes of encoded spans waiting to be sent. */
  readonly queuedBytes: number;
  readonly queuedSpans: number;
  /** Spans accepted by the receiver. */
  readonly exportedSpans: number;
  /** Spans lost on this side: dropped, oldest first, because the queue was full, or left at shutdown. */
  readonly droppedSpans: number;
  /** Spans that the receiver refused permanently, in whole requests or partial successes. */
  readonly rejectedSpans: number;
  /** Requests that failed and have been, or will be, retried. */
  readonly failedRequests: number;
  /** What is wrong at the moment. Absent if the last requests succeeded. */
  readonly lastError?: string;
}

/** Counts outcomes, and passes them on to those who report them. */
export class HealthCounter {
  exportedSpans = 0;
  droppedSpans = 0;
  rejectedSpans = 0;
  failedRequests = 0;
  readonly reports: DeliveryReports;
  /** By signal. */
  readonly #errors = new Map<string, string>();

  constructor(reports: DeliveryReports) {
    this.reports = reports;
  }

  get lastError(): string | undefined {
    return [...this.#errors.values()].at(-1);
  }

  delivered(signal: string, spans: number, rejected: number, message: string): void {
    const rejectedSpans = Math.min(rejected, spans);
    this.exportedSpans += spans - rejectedSpans;
    this.rejectedSpans += rejectedSpans;
    this.#errors.delete(signal);
    this.reports.works(signal);
    if (rejected === 0) return;
    const line = this.#failed(signal, `${quantity(rejected, "item")} rejected`, message);
    this.reports.fault(`${signal} rejected`, `The receiver refused a part of what it was sent. ${line}`);
  }

  refused(signal: string, spans: number, { message, status }: Extract<Outcome, { kind: "refused" }>): void {
    this.rejectedSpans += spans;
    const line = this.#failed(signal, "refused permanently, not retried", message);
    if (ofData.has(status)) {
      this.reports.works(signal);
      this.reports.fault(`${signal} ${status}`, `The receiver refused a request; it is lost. ${line}`);
    } else {
      this.reports.fails(signal, { kind: String(status), message, lost: true });
      this.reports.refused(spans);
    }
  }

  failed(signal: string, outcome: Extract<Outcome, { kind: "failed" }>): void {
    this.failedRequests += 1;
    const { message, status, afterMs = 0, tookMs } = outcome;
    this.#failed(signal, "cannot send", message);
    const kind = status === undefined ? "unavailable" : String(status);
    this.reports.fails(signal, { kind, message, lost: false, lasting: afterMs >= 1_000 }, tookMs);
  }

  dropped(spans: number, why: string): void {
    if (spans === 0) return;
    this.droppedSpans += spans;
    this.#failed("traces", "spans are dropped", why);
    this.reports.dropped(spans, why);
  }

  /** The end, which leaves so many spans. */
  left(spans: number): void {
    this.reports.endsWith(spans);
    if (spans === 0) return;
    this.droppedSpans += spans;
    this.#failed("traces", "spans are dropped", "they were left when telemetry was shut down");
  }

  #failed(signal: string, what: string, why: string): string {
    const line = `${signal}: ${what}${why === "" ? "" : `: ${why}`}`;
    // The newest is last.
    this.#errors.delete(signal);
    this.#errors.set(signal, line);
    return line;
  }
}

/** Statuses that are about one request and say nothing about the next: bad data, too large, cannot be processed. */
const ofData: ReadonlySet<number> = new Set([400, 413, 422]);
