import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { SlipstreamError } from "@slipstream/conventions";
import { Desks, type HistoryRow, OWN_DESK, type Publication } from "@slipstream/engine";
import type { DeliveryChange, OutboxContent, OutboxEntry } from "../alerts/outbox/delivery.ts";
import { byDesk, isCatchingUp, newestPoint } from "../dashboards/dashboard-point.ts";
import type { Dashboards } from "../dashboards/dashboards.ts";
import type { MissingRows } from "../history/missing-rows.ts";
import type { FoundRows, HistoryQuery } from "../history/query.ts";
import type { HistoryRetention } from "../history/retention.ts";
import type { Position } from "../log/position.ts";
import type { Applied } from "../pipeline/pipeline.ts";
import { QUESTDB } from "../questdb/definition.ts";
import type { QuestDbOptions } from "../questdb/options.ts";
import type { Publisher, Sink, SinkStateChange, SinkStatus } from "../sinks/sink.ts";
import { TRACES, type TracesTarget } from "../sinks/verdict-spans/options.ts";
import { SupervisedThread } from "../threads/supervised-thread.ts";
import { processWriter } from "../writer/identity.ts";
import type { Lease, LeaseState, Writer } from "../writer/writer.ts";
import { type Checkpoint, type CheckpointId, type KnownCheckpoint, OWN } from "./checkpoint.ts";
import { type StateQueries, type StateThread, type StateWrite, sizeOf } from "./messages.ts";
import { type BufferedRows, RowBuffer } from "./row-buffer.ts";

export interface StateStoreOptions {
  /** The SQLite file, or ":memory:". */
  readonly file: string;
  readonly retention?: HistoryRetention | undefined;
  /** QuestDB to fill with the history. */
  readonly questdb?: QuestDbOptions | undefined;
  /** Unix ms. */
  readonly now: () => number;
  /** The watermark of a desk, Unix ms; undefined before the first event. */
  readonly watermark: (desk: string) => number | undefined;
  /** Called with the reason when writes begin to fail, and with undefined when they succeed again. */
  readonly onFault?: ((reason: string | undefined) => void) | undefined;
  /** Whom QuestDB's lease and the spans of verdicts name. */
  readonly writer?: Writer | undefined;
  /** Called when QuestDB's lease is taken, lost or refused. */
  readonly onRemoteLease?: ((state: LeaseState) => void) | undefined;
  /** Called with rows that a sink does not get, because they are damaged. */
  readonly onDamaged?: ((sink: string, missing: MissingRows) => void) | undefined;
  /** Called when writing to QuestDB, or sending verdicts, begins to fail and when it works again. */
  readonly onRemoteState?: ((change: SinkStateChange) => void) | undefined;
}

/** Rows and instants that may wait for the disk before intake is held back: about 50 MB. */
const MOST_WAITING = 100_000;
/** Rows come as blocks, and checkpoints as bytes: neither is in it. */
const YOUNG_GENERATION_MB = 3;
const HUNG_MS = 60_000;
/** How long somebody waits for rows to be written before he is given what there is. */
const FLUSH_MS = 1_000;

/**
 * What the aggregator derives from its log and keeps beside it: dashboards, history and checkpoints, in one
 * SQLite file and a thread of its own. Everything is written in the order in which it came about, so that a
 * checkpoint is on the disk only after all that was published before it. A write is kept here until it is on
 * the disk: a thread that ends loses nothing.
 */
export class StateStore implements Sink, Publisher {
  readonly name = "embedded";
  readonly #options: StateStoreOptions;
  readonly #thread: SupervisedThread<StateThread>;
  /** Why the thread cannot write, as it reported. */
  #writeFault: string | undefined;
  #toldFault: string | undefined;
  /** Whether the file is no longer where it was opened: what is written to it would be gone after a restart. */
  #displaced = false;
  #remote: SinkStatus = { up: null, queueItems: 0, dropped: 0, writtenTimeMs: null };
  #verdicts: SinkStatus = { up: null, queueItems: 0, dropped: 0, writtenTimeMs: null };
  #traces: TracesTarget | undefined;
  #waiting = 0;
  /** Called whenever less waits than before. */
  #onWritten: (() => void)[] = [];
  /** The newest instant of each desk. */
  readonly #newestMs: Map<string, number> = new Map();
  #writtenTimeMs: number | null = null;
  #last: CheckpointId | undefined;
  #redisWriter: Lease | undefined;
  readonly #buffer: RowBuffer = new RowBuffer();

  private constructor(options: StateStoreOptions) {
    const { file, retention, questdb, writer = processWriter({ desk: "", run: randomUUID() }) } = options;
    this.#options = options;
    this.#thread = new SupervisedThread<StateThread>({
      module: "./state.worker",
      from: import.meta.url,
      name: "slipstream-state",
      youngGenerationMb: YOUNG_GENERATION_MB,
      settings: () => ({
        file,
        parts: Desks.readableParts,
        retention,
        questdb,
        writer,
        traces: this.#traces,
        redisWriter: this.#redisWriter,
      }),
      repeated: ["write"],
      hungMs: HUNG_MS,
      unavailable: (reason, cause) =>
        new SlipstreamError("state_unavailable", `The state cannot be used: ${reason}.`, { cause }),
      onState: (state) => {
        this.#writeFault = undefined;
        if (!state.up) {
          const lastError = state.error.message;
          this.#remote = { ...this.#remote, up: false, lastError };
          this.#verdicts = { ...this.#verdicts, up: false, lastError };
        }
        this.#tellFault();
      },
      news: {
        fault: (reason, displaced) => {
          this.#displaced = displaced;
          this.#writeFault = reason === undefined ? undefined : `The state cannot be written: ${reason}.`;
          this.#tellFault();
        },
        remote: (status) => {
          this.#remote = status;
        },
        damaged: (sink, missing) => options.onDamaged?.(sink, missing),
        verdicts: (status) => {
          this.#verdicts = status;
        },
        remoteState: (change) => options.onRemoteState?.(change),
        remoteLease: (state) => options.onRemoteLease?.(state),
      },
    });
  }

  /** @throws SlipstreamError `state_corrupt`, `state_version`, `state_unusable` */
  static async open(options: StateStoreOptions): Promise<StateStore> {
    const store = new StateStore(options);
    await store.#thread.start();
    return store;
  }

  /** Why writes fail at present; undefined if they succeed. They are retried, and none is lost meanwhile. */
  get fault(): string | undefined {
    return this.#thread.fault?.message ?? this.#writeFault;
  }

  /** Why nothing more should be taken in: too much waits to be written, or the file is gone; undefined if there is room. */
  get heldBack(): string | undefined {
    if (this.#displaced && this.#writeFault !== undefined) return this.#writeFault;
    if (this.#waiting < MOST_WAITING) return undefined;
    return this.fault ?? "More is published than the state's thread can write.";
  }

  /** Takes what came of a record. Instants are written at once, rows with the next instants or a few seconds later. */
  take({ effects: { publications, rows }, record: { receivedMs }, position, isWhole }: Applied): void {
    const isPublished = publications.length > 0;
    const due = this.#buffer.add(rows, { position, isWhole, isPublished, receivedMs });
    void this.#handOver(publications, due);
  }

  publish(publications: readonly Publication[], rows: readonly HistoryRow[] = []): void {
    void this.#handOver(publications, { rows, blocks: [] });
  }

  /** Keeps notifications and what has become of them. A checkpoint that is written later comes after them. */
  keepNotifications(entries: readonly OutboxEntry[], changes: readonly DeliveryChange[]): void {
    if (entries.length + changes.length === 0) return;
    // Closed before it could be written: the log still holds what it was made of, and it is sent again.
    this.#write({ kind: "outbox", entries, changes }).catch(() => undefined);
  }

  /** What is left of notifications of earlier runs. */
  outbox(): Promise<OutboxContent> {
    return this.#read("outbox");
  }

  /** Hands over the rows that wait. Resolves once they are written, or after a while if they cannot be. */
  async flush(): Promise<void> {
    void this.#handOver([], this.#buffer.takeAll());
    // What was handed over before may not be written either.
    const written = this.#write({ kind: "flush" }).catch(() => undefined);
    await Promise.race([written, sleep(FLUSH_MS, undefined, { ref: false })]);
  }

  /** Resolves once it is written. */
  async #handOver(publications: readonly Publication[], { rows, blocks }: BufferedRows): Promise<void> {
    if (publications.length === 0 && rows.length === 0 && blocks.length === 0) return;
    const nowMs = this.#options.now();
    const instants = byDesk(publications).map(([desk, points]) => {
      return { desk, points, current: this.#isCurrent(desk, points, nowMs) };
    });
    const newestMs = newestPoint(publications)?.timeMs;
    try {
      await this.#write({ kind: "publish", instants, rows, blocks, nowMs });
      if (newestMs !== undefined) this.#writtenTimeMs = Math.max(newestMs, this.#writtenTimeMs ?? newestMs);
    } catch {
      // Closed before it could be written: the log still holds what it was made of.
    }
  }

  #isCurrent(desk: string, points: readonly Publication[], nowMs: number): boolean {
    const before = this.#newestMs.get(desk) ?? Number.NEGATIVE_INFINITY;
    const newestMs = newestPoint(points)?.timeMs ?? Number.NEGATIVE_INFINITY;
    this.#newestMs.set(desk, Math.max(before, newestMs));
    return newestMs >= before && !isCatchingUp(nowMs, this.#options.watermark(desk) ?? newestMs);
  }

  /**
   * What the history has. @throws SlipstreamError if the table has no such column, or the state cannot be
   * read.
   */
  history(query: HistoryQuery): Promise<FoundRows> {
    const { table } = query;
    // A block of trades is not closed for a question about something else.
    void this.#handOver([], table === "trades" ? this.#buffer.takeAll() : this.#buffer.takeRows());
    return this.#read("history", query);
  }

  /** All checkpoints, whichever version of Slipstream wrote them, by position. */
  knownCheckpoints(): Promise<readonly KnownCheckpoint[]> {
    return this.#read("knownCheckpoints");
  }

  /** undefined: it is damaged, or gone. */
  readCheckpoint({ format, position }: CheckpointId): Promise<Checkpoint | undefined> {
    return this.#read("checkpoint", { format, position });
  }

  /**
   * Says which checkpoint the engine continues, and with it the next checkpoint; undefined: none, or one
   * without its keys of spans seen. To be called before the first `checkpoint`.
   */
  continueFrom(id: CheckpointId | undefined): void {
    this.#last = id && { format: id.format, position: id.position };
  }

  /**
   * Resolves with the positions of the checkpoints that this version wrote, once this one is written, and
   * with it all that was published before.
   */
  async checkpoint(checkpoint: Checkpoint): Promise<readonly Position[]> {
    const after = this.#last;
    // Writes are carried out in order: the rows of what the checkpoint covers come before it.
    void this.#handOver([], this.#buffer.takeAll());
    this.#last = { format: OWN, position: checkpoint.position };
    await this.#write({ kind: "checkpoint", checkpoint, after });
    return this.#read("checkpoints");
  }

  /**
   * Drops every other checkpoint that this version wrote, and those of other versions from which the log does
   * not continue.
   *
   * @param droppedThrough position before the oldest record that the log holds
   */
  keep(positions: readonly Position[], droppedThrough: Position): Promise<void> {
    return this.#write({ kind: "keep", positions, droppedThrough });
  }

  /** Resolves once less waits than holds intake back. */
  async settled(): Promise<void> {
    while (this.#waiting >= MOST_WAITING) await new Promise<void>((resolve) => this.#onWritten.push(resolve));
  }

  /** The embedded dashboards of the own desk, to be read. */
  get dashboard(): Dashboards {
    return this.dashboardOf(OWN_DESK);
  }

  /** The embedded dashboards of a desk, to be read. */
  dashboardOf(desk: string): Dashboards {
    const { now } = this.#options;
    return {
      current: () => this.#read("dashboardCurrent", desk, now()),
      series: (fromMs, toMs) => this.#read("dashboardSeries", desk, fromMs, toMs),
      count: (dayMs) => this.#read("dashboardCount", desk, dayMs),
    };
  }

  status(): SinkStatus {
    const { fault } = this;
    return {
      up: fault !== undefined ? false : this.#writtenTimeMs === null ? null : true,
      queueItems: this.#waiting,
      dropped: 0,
      writtenTimeMs: this.#writtenTimeMs,
      ...(fault === undefined ? {} : { lastError: fault }),
    };
  }

  /** The QuestDB that is filled from here; undefined without one. */
  get questdb(): Sink | undefined {
    return this.#options.questdb === undefined ? undefined : { name: QUESTDB, status: () => this.#remote };
  }

  /**
   * Sends final verdicts as spans from now on. To be called once the log is read: what it held is not sent the first time, and never
   * twice.
   */
  async sendVerdicts(traces: TracesTarget): Promise<Sink> {
    await this.flush();
    this.#traces = traces;
    this.#thread.tell("sendVerdicts", traces);
    return { name: TRACES, status: () => this.#verdicts };
  }

  /** Says who has the lease of Redis instead of us, which covers QuestDB too; undefined if nobody, or if it is not known. */
  yieldTo(redisWriter: Lease | undefined): void {
    this.#redisWriter = redisWriter;
    this.#thread.tell("redisWriter", redisWriter);
  }

  /** Writes what waits and ends the thread. Writes that keep failing are given up. Never rejects. */
  close(): Promise<void> {
    void this.#handOver([], this.#buffer.takeAll());
    return this.#thread.close();
  }

  /** Resolves once it is carried out. Rejects only if the state is closed before. */
  async #write(write: StateWrite): Promise<void> {
    const size = sizeOf(write);
    this.#waiting += size;
    try {
      await this.#thread.ask("write", write);
    } finally {
      this.#waiting -= size;
      for (const tell of this.#onWritten.splice(0)) tell();
    }
  }

  async #read<Name extends keyof StateQueries>(
    name: Name,
    ...args: Parameters<StateQueries[Name]>
  ): Promise<ReturnType<StateQueries[Name]>> {
    try {
      return (await this.#thread.ask(name, ...args)) as ReturnType<StateQueries[Name]>;
    } catch (error) {
      if (error instanceof SlipstreamError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new SlipstreamError("state_unreadable", `The state cannot be read: ${reason}.`, { cause: error });
    }
  }

  #tellFault(): void {
    const { fault } = this;
    if (fault === this.#toldFault) return;
    this.#toldFault = fault;
    this.#options.onFault?.(fault);
  }
}
