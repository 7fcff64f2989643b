import type { EncodableScope } from "@slipstream/otlp/encode";
import { OwnSpan } from "../spans/own-span.ts";
import type { WallClock } from "../spans/wall-clock.ts";
import type { Batch } from "./batch.ts";
import type { DeliveryReports } from "./delivery-reports.ts";
import { type ExportHealth, HealthCounter } from "./health.ts";
import type { Signal } from "./http-sender.ts";
import { Lane } from "./lane.ts";
import { MetricSource } from "./metric-source.ts";
import type { Outcome } from "./outcome.ts";
import { type EndedSpan, SpanSource } from "./span-source.ts";

/** Consecutive failures after which a process that wants to exit gives up. */
const FAILURES_AT_EXIT = 3;
const POLL_MS = 25;

export interface ExporterOptions {
  readonly resource: Readonly<Record<string, string>>;
  readonly queueBytes: number;
  readonly flushIntervalMs: number;
  readonly reports: DeliveryReports;
  readonly clock: WallClock;
  /** Of our own spans. */
  readonly scope: EncodableScope;
  readonly sendsTraces: boolean;
  readonly sendsMetrics: boolean;
  /** Never rejects. */
  readonly send: (signal: Signal, body: Uint8Array) => Promise<Outcome>;
}

/** Sends spans and metrics in two separate lanes. Only `deliver` keeps the process alive. */
export class Exporter {
  readonly #health: HealthCounter;
  readonly #spans: SpanSource;
  readonly #metrics: MetricSource;
  readonly #spanLane: Lane;
  readonly #metricLane: Lane;
  readonly #sendsMetrics: boolean;
  #closed = false;

  constructor({ reports, send, sendsMetrics, ...options }: ExporterOptions) {
    this.#sendsMetrics = sendsMetrics;
    this.#health = new HealthCounter(reports);
    this.#spans = new SpanSource({
      ...options,
      health: this.#health,
      onReady: () => this.#spanLane.kick(),
      sending: () => this.#spanLane.sending,
    });
    this.#metrics = new MetricSource(this.#health);
    this.#spanLane = new Lane(this.#spans, (body) => send("traces", body));
    this.#metricLane = new Lane(this.#metrics, (body) => send("metrics", body));
  }

  /** Accepts an ended span: counts it, and sends it if spans are sent. Never throws. */
  addSpan(span: EndedSpan): void {
    if (!this.#closed) {
      this.#spans.add(span);
      return;
    }
    // What it is counted in goes on.
    if (span instanceof OwnSpan) span.settle();
    this.#health.dropped(1, "telemetry is shut down");
  }

  /** Counts and encodes the spans that have ended. Never throws. */
  drain(): void {
    this.#spans.drain();
  }

  /** Accepts encoded metrics, which replace older ones. They are ignored if metrics are not sent. */
  setMetrics(body: Uint8Array): void {
    if (this.#closed || !this.#sendsMetrics) return;
    this.#metrics.set(body);
    this.#metricLane.kick();
  }

  get hasSpans(): boolean {
    return this.#spans.queuedSpans > 0;
  }

  health(): ExportHealth {
    this.drain();
    const { exportedSpans, droppedSpans, rejectedSpans, failedRequests, lastError } = this.#health;
    return {
      queuedBytes: this.#spans.queuedBytes,
      queuedSpans: this.#spans.queuedSpans,
      exportedSpans,
      droppedSpans,
      rejectedSpans,
      failedRequests,
      ...(lastError === undefined ? {} : { lastError }),
    };
  }

  /**
   * Immediately sends what there is, and the metrics that `newMetrics` provides. Resolves to true once
   * everything is delivered, refused or dropped. Resolves to false after `timeoutMs` or, if `exiting`, once
   * the receiver is evidently unreachable. Keeps the process alive meanwhile. Never rejects.
   */
  async deliver(timeoutMs: number, exiting: boolean, newMetrics: Promise<void>): Promise<boolean> {
    const ends: readonly [Lane, Promise<void>][] = [
      [this.#spanLane, this.#spans.drained()],
      [this.#metricLane, newMetrics.then(() => this.#metrics.drained())],
    ];
    for (const [lane] of ends) lane.hurry();
    const deadline = performance.now() + timeoutMs;
    const all = await Promise.all(
      ends.map(([lane, drained]) => {
        const most = exiting ? lane.failures + FAILURES_AT_EXIT : Number.POSITIVE_INFINITY;
        return orUntil(drained, () => performance.now() >= deadline || lane.failures >= most);
      }),
    );
    return !all.includes(false);
  }

  /** Takes everything that is left, to be sent by other means. */
  takeAll(): { readonly signal: Signal; readonly batch: Batch }[] {
    const metrics = this.#metrics.take();
    return [
      ...this.#spans.takeAll().map((batch) => ({ signal: "traces" as const, batch })),
      ...(metrics === undefined ? [] : [{ signal: "metrics" as const, batch: metrics }]),
    ];
  }

  /** Stops. What is left counts as dropped. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#spanLane.close();
    this.#metricLane.close();
    this.left(this.takeAll().reduce((sum, { batch }) => sum + batch.spans, 0));
  }

  /** The end: so many spans were not delivered, or some of them were not. */
  left(spans: number): void {
    this.#health.left(spans);
  }
}

/**
 * True if `promise` resolves first, false if `over` becomes true first. Its timer keeps the process alive.
 */
async function orUntil(promise: Promise<void>, over: () => boolean): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => {
    timer = setInterval(() => {
      if (over()) resolve(false);
    }, POLL_MS);
  });
  const first = await Promise.race([promise.then(() => true), patience]);
  clearInterval(timer);
  return first;
}
