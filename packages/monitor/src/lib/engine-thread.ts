import type { Worker } from "node:worker_threads";
import { startThread } from "@slipstream/aggregator";
import type { CurrentStatistics, HistoryRow, Publication } from "@slipstream/engine";
import type { MonitorLogger } from "./logger.ts";
import type { FromWorker, LocalPoint, LocalSpan, ToWorker, WorkerSettings } from "./messages.ts";

export interface EngineThreadOptions {
  readonly settings: WorkerSettings;
  readonly logger: MonitorLogger;
  readonly onPublications: (publications: readonly Publication[]) => void;
  readonly onRows?: (rows: readonly HistoryRow[]) => void;
}

/** Spans that wait for the worker at most; more are dropped and counted. */
const mostWaiting = 131_072;
/** Messages that the worker may have before it; while it has them, spans wait here. */
const mostAhead = 4;
const POST_MS = 50;
const START_MS = 10_000;
const mostRestarts = 3;

/** The engine in a thread of its own, so that statistics take no time from trading. */
export class EngineThread {
  readonly #options: EngineThreadOptions;
  #worker: Worker | undefined;
  #spans: LocalSpan[] = [];
  #points: LocalPoint[] = [];
  #ahead = 0;
  #timer: NodeJS.Timeout | undefined;
  #restarts = 0;
  #stopped = false;
  #ended = false;
  #onAnswer: () => void = () => undefined;
  #dropped = 0;
  #current: CurrentStatistics | undefined;
  #answeredMs = Number.NEGATIVE_INFINITY;

  constructor(options: EngineThreadOptions) {
    this.#options = options;
  }

  /** Spans that were dropped because the worker did not keep up. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The newest statistics and when they came, as `performance.now()`; undefined before the first. */
  get newest(): { readonly current: CurrentStatistics; readonly atMs: number } | undefined {
    return this.#current === undefined ? undefined : { current: this.#current, atMs: this.#answeredMs };
  }

  /** Resolves when the worker answers, or gave up. */
  async start(): Promise<void> {
    const answered = new Promise<void>((resolve) => {
      this.#onAnswer = resolve;
    });
    this.#run();
    const timer = setTimeout(() => this.#onAnswer(), START_MS);
    await answered;
    clearTimeout(timer);
  }

  add(span: LocalSpan): void {
    if (this.#spans.length >= mostWaiting) {
      this.#dropped += 1;
      return;
    }
    this.#spans.push(span);
    this.#postSoon();
  }

  /** Replaces the points that wait: a gauge's older value is of no use. */
  setPoints(points: readonly LocalPoint[]): void {
    this.#points = [...points];
    if (points.length > 0) this.#postSoon();
  }

  /** Works on what waits and ends. Never rejects. */
  async stop(deadlineMs: number): Promise<void> {
    const endMs = performance.now() + deadlineMs;
    const until = async (done: () => boolean): Promise<void> => {
      while (this.#worker !== undefined && !done() && performance.now() < endMs) {
        this.#post();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    await until(() => this.#spans.length === 0 && this.#ahead === 0);
    this.#worker?.postMessage({ type: "end" } satisfies ToWorker);
    await until(() => this.#ended);
    this.#stopped = true;
    clearTimeout(this.#timer);
    // Else the process could end here, in the middle of its caller's await.
    this.#worker?.ref();
    await this.#worker?.terminate().catch(() => undefined);
    this.#worker = undefined;
  }

  #run(): void {
    const { settings, logger } = this.#options;
    try {
      const worker = startThread({
        module: "./engine.worker",
        from: import.meta.url,
        name: "slipstream",
        workerData: settings,
      });
      worker.on("message", (message: FromWorker) => this.#hear(message));
      worker.on("error", (error) => logger.error(`the statistics thread failed: ${error}`));
      worker.on("exit", () => this.#exited());
      // The service decides when the process ends. (A listener holds the process, so this comes after them.)
      worker.unref();
      this.#worker = worker;
      this.#ahead = 0;
      if (this.#spans.length > 0) this.#postSoon();
    } catch (error) {
      logger.error(`the statistics thread cannot start: ${error}`);
      this.#onAnswer();
    }
  }

  #hear(message: FromWorker): void {
    if (message.type === "answer") this.#take(message);
    else if (message.type === "log") this.#options.logger[message.level](message.message);
    else this.#ended = true;
  }

  #take({ current, publications, rows, applied }: FromWorker & { type: "answer" }): void {
    this.#current = current;
    this.#answeredMs = performance.now();
    this.#ahead = Math.max(0, this.#ahead - applied);
    if (publications.length > 0) this.#options.onPublications(publications);
    if (rows.length > 0) this.#options.onRows?.(rows);
    if (this.#spans.length > 0) this.#postSoon();
    this.#onAnswer();
  }

  #exited(): void {
    if (this.#stopped) return;
    this.#worker = undefined;
    // What it knew is lost: until it knows something again, nothing is known.
    this.#current = undefined;
    this.#restarts += 1;
    if (this.#restarts <= mostRestarts) {
      this.#options.logger.error(`the statistics thread ended; starting it again (${this.#restarts})`);
      this.#run();
    } else {
      this.#options.logger.error(
        "the statistics thread ended too often; there are no statistics from now on",
      );
      this.#onAnswer();
    }
  }

  #postSoon(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#post(), POST_MS);
    this.#timer.unref();
  }

  #post(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#worker === undefined || this.#ahead >= mostAhead) return;
    if (this.#spans.length === 0 && this.#points.length === 0) return;
    const message = { type: "data", spans: this.#spans, points: this.#points } satisfies ToWorker;
    this.#spans = [];
    this.#points = [];
    try {
      this.#worker.postMessage(message);
      this.#ahead += 1;
    } catch (error) {
      this.#dropped += message.spans.length;
      this.#options.logger.error(`the statistics thread takes nothing: ${error}`);
    }
  }
}
