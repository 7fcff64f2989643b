import { SupervisedThread } from "@slipstream/aggregator/threads";
import { SlipstreamError } from "@slipstream/conventions";
import type { HistoryRow, Publication } from "@slipstream/engine";
import type { MonitorLogger } from "./logger.ts";
import type { EngineContract, EngineSettings, EngineValues, LocalPoint, LocalSpan } from "./messages.ts";

export interface EngineThreadOptions {
  readonly settings: EngineSettings;
  readonly logger: MonitorLogger;
  /** For the settings' "owner" of Redis and of QuestDB. */
  readonly onPublications?: (publications: readonly Publication[]) => void;
  readonly onRows?: (rows: readonly HistoryRow[]) => void;
  /** For channels of type console. */
  readonly onPrint?: (level: keyof MonitorLogger, text: string) => void;
}

/** The newest values and when they came. */
export interface NewestValues extends EngineValues {
  /** As `performance.now()`. */
  readonly atMs: number;
}

/** Spans that wait for the thread at most; more are dropped and counted. */
const MOST_WAITING = 131_072;
/** Messages that the thread may have before it; while it has them, spans wait here. */
const MOST_AHEAD = 4;
/** How long spans wait here, unless they are many: each message wakes both threads, which costs more than the spans. */
const POST_MS = 500;
const MANY_SPANS = 4_096;
/** Enough for what a second of a busy desk leaves. */
const YOUNG_GENERATION_MB = 4;
const START_MS = 10_000;
const MOST_FAILURES = 3;
const HUNG_MS = 30_000;

/** The engine in a thread of its own, so that statistics take no time from trading. */
export class EngineThread {
  readonly #options: EngineThreadOptions;
  readonly #thread: SupervisedThread<EngineContract>;
  #spans: LocalSpan[] = [];
  #points: LocalPoint[] = [];
  #timer: NodeJS.Timeout | undefined;
  #dropped = 0;
  #newest: NewestValues | undefined;

  constructor(options: EngineThreadOptions) {
    const { settings, logger } = options;
    this.#options = options;
    this.#thread = new SupervisedThread<EngineContract>({
      module: "./engine.worker",
      from: import.meta.url,
      name: "slipstream-engine",
      youngGenerationMb: YOUNG_GENERATION_MB,
      settings: () => settings,
      // The service decides when the process ends.
      keepsProcess: false,
      retryStart: true,
      mostFailures: MOST_FAILURES,
      hungMs: HUNG_MS,
      unavailable: (reason, cause) =>
        new SlipstreamError("statistics_unavailable", `There are no statistics: ${reason}.`, { cause }),
      onState: (state) => {
        // What the thread knew is lost: until there is something new, nothing is known.
        this.#newest = undefined;
        if (state.up) logger.info("The statistics thread is running again");
        else if (!state.gaveUp) logger.error(`Statistics stopped (${state.reason}); restarting the thread`);
        else {
          const why = `it failed ${MOST_FAILURES + 1} times in a row (${state.reason})`;
          logger.error(`The statistics thread is not restarted, there are no statistics from now on: ${why}`);
        }
      },
      onReady: () => this.#postSoon(),
      news: {
        values: (values) => {
          this.#newest = { ...values, atMs: performance.now() };
        },
        publications: (publications) => options.onPublications?.(publications),
        rows: (rows) => options.onRows?.(rows),
        print: (level, text) => options.onPrint?.(level, text),
        log: (level, message) => logger[level](message),
      },
    });
  }

  /** Spans that were dropped because the thread did not keep up, or had them when it failed. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Undefined before the first. */
  get newest(): NewestValues | undefined {
    return this.#newest;
  }

  /** Resolves when the thread is ready, has given up, or takes too long. */
  async start(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, START_MS);
    });
    await Promise.race([this.#thread.start().catch(() => undefined), late]);
    clearTimeout(timer);
  }

  add(span: LocalSpan): void {
    if (this.#spans.length >= MOST_WAITING) {
      this.#dropped += 1;
      return;
    }
    this.#spans.push(span);
    if (this.#spans.length % MANY_SPANS === 0) this.#post();
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
    while (this.#spans.length > 0 && this.#thread.isRunning && performance.now() < endMs) {
      this.#post();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    clearTimeout(this.#timer);
    await this.#thread.close(Math.max(0, endMs - performance.now()));
  }

  #postSoon(): void {
    if (this.#spans.length === 0 && this.#points.length === 0) return;
    this.#timer ??= setTimeout(() => this.#post(), POST_MS).unref();
  }

  #post(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#thread.isRunning || this.#thread.waiting >= MOST_AHEAD) return;
    const [spans, points] = [this.#spans, this.#points];
    if (spans.length === 0 && points.length === 0) return;
    this.#spans = [];
    this.#points = [];
    this.#thread.ask("apply", { spans, points }).then(
      () => this.#postSoon(),
      (error: Error) => {
        this.#dropped += spans.length;
        if (this.#thread.isRunning) this.#options.logger.error(`Spans were not counted: ${error.message}`);
      },
    );
  }
}
