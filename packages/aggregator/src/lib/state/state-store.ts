import type { HistoryRow, Publication } from "@slipstream/engine";
import { isCatchingUp } from "../dashboards/catching-up.ts";
import { newestPoint } from "../dashboards/dashboard-point.ts";
import type { Dashboards } from "../dashboards/dashboards.ts";
import type { HistoryQuery } from "../history/query.ts";
import { QUESTDB } from "../questdb/definition.ts";
import type { Sink, SinkStatus } from "../sinks/sink.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Resumed } from "./messages.ts";
import { StateThread, type StateThreadOptions } from "./state-thread.ts";

export interface StateStoreOptions extends StateThreadOptions {
  /** Unix ms. */
  readonly now: () => number;
  /** The engine's watermark, Unix ms; undefined before the first event. */
  readonly watermark: () => number | undefined;
}

/** Rows and instants that may wait for the disk before intake is to be held back: some 50 MB. */
const MOST_WAITING = 100_000;

/**
 * What the aggregator makes of its log and keeps beside it: dashboards and checkpoints, in one file and in a thread of its
 * own. Everything goes there in the order in which it came about, so that a checkpoint is on the disk only after all that
 * was published before it.
 */
export class StateStore implements Sink {
  readonly name = "embedded";
  readonly #thread: StateThread;
  readonly #options: StateStoreOptions;
  #newestMs = Number.NEGATIVE_INFINITY;
  #writtenTimeMs: number | null = null;

  private constructor(thread: StateThread, options: StateStoreOptions) {
    this.#thread = thread;
    this.#options = options;
  }

  /** @throws SlipstreamError `state_corrupt`, `state_version`, `state_unusable` */
  static async open(options: StateStoreOptions): Promise<StateStore> {
    return new StateStore(await StateThread.open(options), options);
  }

  /** Why writes fail at present; undefined where they succeed. They are tried on, and none is lost meanwhile. */
  get fault(): string | undefined {
    return this.#thread.fault;
  }

  /** Why nothing more should be taken in: so much waits to be written; undefined where there is room. */
  get heldBack(): string | undefined {
    if (this.#thread.waiting < MOST_WAITING) return undefined;
    return this.fault ?? "More is published than the store can write.";
  }

  publish(instants: readonly Publication[], rows: readonly HistoryRow[] = []): void {
    if (instants.length === 0 && rows.length === 0) return;
    const nowMs = this.#options.now();
    const newestMs = newestPoint(instants)?.timeMs ?? Number.NEGATIVE_INFINITY;
    const current = newestMs >= this.#newestMs && !isCatchingUp(nowMs, this.#options.watermark() ?? newestMs);
    this.#newestMs = Math.max(this.#newestMs, newestMs);
    void this.#thread.write({ kind: "publish", instants, rows, current, nowMs }).then(() => {
      if (instants.length > 0) this.#writtenTimeMs = Math.max(newestMs, this.#writtenTimeMs ?? newestMs);
    });
  }

  /** Rows of the history. @throws SlipstreamError where the table has no such column, or the store cannot be read. */
  history(query: HistoryQuery): Promise<readonly HistoryRow[]> {
    return this.#thread.ask("history", query);
  }

  /** Resolves once the checkpoint is written, and with it all that was published before; with the checkpoints there are then. */
  async checkpoint(checkpoint: Checkpoint): Promise<readonly number[]> {
    await this.#thread.write({ kind: "checkpoint", checkpoint });
    return this.#thread.ask("checkpoints");
  }

  /** Drops every other checkpoint. */
  keep(positions: readonly number[]): Promise<void> {
    return this.#thread.write({ kind: "keep", positions });
  }

  /** The newest usable checkpoint at or before the position; later ones are forgotten. */
  resume(position: number): Promise<Resumed> {
    return this.#thread.ask("resume", position);
  }

  /** Positions of the checkpoints, ascending. */
  checkpoints(): Promise<readonly number[]> {
    return this.#thread.ask("checkpoints");
  }

  /** Resolves once less waits than holds intake back. */
  settled(): Promise<void> {
    return this.#thread.fewerThan(MOST_WAITING);
  }

  /** The embedded dashboards, to be read. */
  get dashboard(): Dashboards {
    const { now } = this.#options;
    const thread = this.#thread;
    return {
      name: this.name,
      write: () => Promise.reject(new Error("The embedded dashboards are written by the aggregator alone.")),
      current: () => thread.ask("dashboardCurrent", now()),
      series: (fromMs, toMs) => thread.ask("dashboardSeries", fromMs, toMs),
      count: (dayMs) => thread.ask("dashboardCount", dayMs),
      close: async () => undefined,
    };
  }

  status(): SinkStatus {
    const { fault, waiting } = this.#thread;
    return {
      up: fault !== undefined ? false : this.#writtenTimeMs === null ? null : true,
      queueItems: waiting,
      dropped: 0,
      writtenTimeMs: this.#writtenTimeMs,
      ...(fault === undefined ? {} : { lastError: fault }),
    };
  }

  /** QuestDB as a sink, where it is filled from here. */
  get remote(): Sink | undefined {
    if (this.#options.questdb === undefined) return undefined;
    return {
      name: QUESTDB,
      publish: () => undefined,
      status: () => this.#thread.remote,
      close: async () => undefined,
    };
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
