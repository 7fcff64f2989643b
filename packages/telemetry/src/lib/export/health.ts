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
  /** Why the last failed or refused request failed. Absent if there was none. */
  readonly lastError?: string;
}

/** Counts outcomes, and reports each kind of problem once until a request succeeds again. */
export class HealthCounter {
  exportedSpans = 0;
  droppedSpans = 0;
  rejectedSpans = 0;
  failedRequests = 0;
  lastError: string | undefined;
  readonly #report: (message: string) => void;
  readonly #reported = new Set<string>();

  constructor(report: (message: string) => void) {
    this.#report = report;
  }

  delivered(signal: string, spans: number, rejected: number, message: string): void {
    this.#reported.delete(`${signal}: cannot send`);
    const rejectedSpans = Math.min(rejected, spans);
    this.exportedSpans += spans - rejectedSpans;
    this.rejectedSpans += rejectedSpans;
    if (rejected > 0) this.#trouble(signal, `${rejected} items were rejected`, message);
  }

  refused(signal: string, spans: number, message: string): void {
    this.rejectedSpans += spans;
    this.#trouble(signal, "refused permanently, not retried", message);
  }

  failed(signal: string, message: string): void {
    this.failedRequests += 1;
    this.#trouble(signal, "cannot send", message);
  }

  dropped(spans: number, why: string): void {
    if (spans === 0) return;
    this.droppedSpans += spans;
    this.#trouble("traces", "spans are dropped", why);
  }

  #trouble(signal: string, what: string, why: string): void {
    const line = `${signal}: ${what}${why === "" ? "" : `: ${why}`}`;
    this.lastError = line;
    const kind = `${signal}: ${what}`;
    if (this.#reported.has(kind)) return;
    // A receiver that words each refusal differently must not fill the memory.
    if (this.#reported.size > 100) this.#reported.clear();
    this.#reported.add(kind);
    this.#report(line);
  }
}
