import { SlipstreamError } from "@slipstream/conventions";
import { Turns } from "../pipeline/turns.ts";
import { SupervisedThread } from "../threads/supervised-thread.ts";
import { ByteRing, STEP_BYTES } from "./byte-ring.ts";
import { busy, closed, unavailable } from "./errors.ts";
import type { Log, LogRecord, NewRecord, Segment } from "./log.ts";
import type { LogCoreOptions } from "./log-core.ts";
import { sizeOf } from "./memory-log.ts";
import type { Appended, LogState, LogThread, SentRecord } from "./messages.ts";
import { numberOf, type Position, positionOf } from "./position.ts";
import type { Salvaged } from "./salvage.ts";
import { asLogRecords, asSegment, type StoredRecord, type StoredSegment } from "./stored.ts";

export interface ThreadLogOptions {
  readonly core: LogCoreOptions;
  readonly maxWaitingBytes: number;
  readonly groupMs: number;
  readonly probeIntervalMs: number;
  readonly onSalvaged: (salvaged: Salvaged) => void;
  readonly onClosed: () => void;
  /** Called with the reason when appends begin to fail, and with undefined when they succeed again. */
  readonly onFault?: ((reason: string | undefined) => void) | undefined;
}

interface Waiting {
  readonly record: SentRecord;
  readonly resolve: (position: Position) => void;
  readonly reject: (error: Error) => void;
  readonly bytes: number;
  /** Where the body lies, if it was not sent with the message. */
  readonly ring: ByteRing | undefined;
}

/** Records are worth grouping when at least `FAST` of them came within a window of this length. */
const WINDOW_MS = 50;
const FAST = 10;
/** Bytes that are worth a transaction of their own, however recently the last one began. */
const GROUP_BYTES = 2 * 1024 * 1024;
/** Bodies are not in it. */
const YOUNG_GENERATION_MB = 3;
/** Of each turn of the event loop, what may go into copying large bodies, ms. */
const COPY_MS = 2;
const HUNG_MS = 60_000;
/** After so many seconds without an answer to an append, the disk counts as failed until there is one. */
const SILENT_S = 10;
/** What the thread has to write at the end is small. A disk that does not take it by then is not waited for. */
const CLOSE_MS = 3_000;

const silent = `the disk has not answered for ${SILENT_S} s`;

/** A log in a thread of its own, as the thread that uses it sees it. It never waits for the disk. */
export class ThreadLog implements Log {
  #position = 0;

  readonly #options: ThreadLogOptions;
  readonly #thread: SupervisedThread<LogThread>;
  #segments: StoredSegment[] = [];
  #ring: ByteRing;
  #isFirstThread = true;
  /** Bytes of the appends that are not answered yet. */
  #waitingBytes = 0;
  #unsent: Waiting[] = [];
  /** Bodies of unsent records that are still being copied. What came behind them is sent with them: the order is the log's. */
  readonly #copying = new Set<Promise<void>>();
  readonly #copyTurns = new Turns(COPY_MS);
  #unsentBytes = 0;
  #sentMs = Number.NEGATIVE_INFINITY;
  #windowMs = Number.NEGATIVE_INFINITY;
  #inWindow = 0;
  #isFast = false;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  /** Why the thread refused the last append or probe. */
  #refusal: string | undefined;
  #toldFault: string | undefined;
  #probe: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;
  /** Groups that were sent and are not answered, and for how many seconds none was. */
  #groups = 0;
  #silentS = 0;
  readonly #silence: NodeJS.Timeout;

  private constructor(options: ThreadLogOptions) {
    this.#options = options;
    this.#ring = new ByteRing(options.maxWaitingBytes);
    this.#thread = new SupervisedThread<LogThread>({
      module: "./log.worker",
      from: import.meta.url,
      name: "slipstream-log",
      youngGenerationMb: YOUNG_GENERATION_MB,
      settings: () => this.#settings(),
      news: { state: (state) => this.#take(state), fault: (reason) => this.#ill(reason) },
      onReady: ({ state, salvaged }) => {
        this.#take(state);
        this.#well();
        for (const part of salvaged) options.onSalvaged(part);
      },
      onState: () => this.#well(),
      unavailable: (reason, cause) => this.#unavailable(reason, cause),
      hungMs: HUNG_MS,
      closeMs: CLOSE_MS,
    });
    // Seconds are counted, not timed: a process that was stopped for a while has waited for nothing in it.
    this.#silence = setInterval(() => this.#listen(), 1_000).unref();
  }

  /** @throws SlipstreamError if the log cannot be opened */
  static async open(options: ThreadLogOptions): Promise<ThreadLog> {
    const log = new ThreadLog(options);
    await log.#thread.start();
    return log;
  }

  get fault(): string | undefined {
    return this.#thread.fault?.message ?? this.#refusal;
  }

  append(record: NewRecord): Promise<Position> {
    if (this.#closing !== undefined) return Promise.reject(closed());
    if (!this.#thread.isRunning)
      return Promise.reject(this.#thread.fault ?? unavailable("its thread is starting"));
    if (this.#silentS >= SILENT_S) return Promise.reject(unavailable(silent));
    const bytes = sizeOf(record);
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > this.#options.maxWaitingBytes) {
      return Promise.reject(busy(this.#waitingBytes));
    }
    // What came before a long body need not wait until it is copied.
    if (record.body.byteLength > STEP_BYTES) this.#send();
    const sent = this.#place(record);
    if (sent === undefined) return Promise.reject(busy(this.#waitingBytes));
    this.#unsentBytes += bytes;
    this.#waitingBytes += bytes;
    const ring = sent.body instanceof Uint8Array ? undefined : this.#ring;
    return new Promise((resolve, reject) => {
      this.#unsent.push({ record: sent, resolve, reject, bytes, ring });
      this.#sendSoon();
    });
  }

  async *read(after: Position): AsyncIterable<LogRecord> {
    const last = this.#position;
    let next = this.#page(numberOf(after), last);
    for (;;) {
      const page = await next;
      const reached = page.at(-1)?.position;
      if (reached === undefined) return;
      // The thread reads on while this page is worked on.
      if (reached < last) next = this.#page(reached, last);
      // A caller that breaks off is not told about the next page.
      next.catch(() => undefined);
      yield* asLogRecords(page);
      if (reached >= last) return;
    }
  }

  get position(): Position {
    return positionOf(this.#position);
  }

  get droppedThrough(): Position {
    const [oldest] = this.#segments;
    return positionOf(oldest === undefined ? this.#position : oldest.first - 1);
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  segments(): readonly Segment[] {
    return this.#segments.map(asSegment);
  }

  async dropThrough(position: Position): Promise<void> {
    this.#take(await this.#thread.ask("dropThrough", numberOf(position)));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#well();
    this.#send();
    while (this.#copying.size > 0) await Promise.all(this.#copying);
    await this.#thread.close();
    clearInterval(this.#silence);
    this.#options.onClosed();
  }

  /** Each thread has a ring of its own: what lies in the old one was on its way to a thread that has ended. */
  #settings(): LogThread["settings"] {
    this.#sendAll();
    this.#ring = new ByteRing(this.#options.maxWaitingBytes);
    const { core } = this.#options;
    const ring = this.#ring.memory;
    const isFirst = this.#isFirstThread;
    this.#isFirstThread = false;
    if (isFirst) return { ...core, ring };
    // No position that was acknowledged is given again.
    return { ...core, ring, atLeast: this.#position, checkAfter: Number.POSITIVE_INFINITY, salvage: false };
  }

  /** Copies the body to where the thread finds it; undefined if there is no room. */
  #place(record: NewRecord): SentRecord | undefined {
    const { body } = record;
    if (body.byteLength === 0) return record;
    if (body.byteLength > this.#options.maxWaitingBytes) return { ...record, body: body.slice() };
    const offset = this.#ring.take(body.byteLength);
    if (offset === undefined) return undefined;
    const filling = this.#ring.fill(offset, body);
    if (body.byteLength <= STEP_BYTES) filling.next();
    else this.#copy(filling);
    return { ...record, body: { offset, length: body.byteLength } };
  }

  #copy(filling: Generator<void, void>): void {
    const copied = this.#copyTurns.run(filling).finally(() => {
      this.#copying.delete(copied);
      this.#send();
    });
    this.#copying.add(copied);
  }

  /** Sends at once or, if records come in fast, together with those that follow: each transaction waits for the disk. */
  #sendSoon(): void {
    const nowMs = performance.now();
    this.#inWindow += 1;
    if (nowMs - this.#windowMs >= WINDOW_MS) {
      this.#isFast = this.#inWindow >= FAST && nowMs - this.#windowMs < 2 * WINDOW_MS;
      this.#windowMs = nowMs;
      this.#inWindow = 0;
    }
    if (this.#immediate !== undefined) return;
    const waitMs = this.#isFast ? this.#sentMs + this.#options.groupMs - nowMs : 0;
    if (waitMs <= 0 || this.#unsentBytes >= GROUP_BYTES) {
      this.#immediate = setImmediate(() => this.#send());
    } else this.#timer ??= setTimeout(() => this.#send(), waitMs);
  }

  #send(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
    if (this.#copying.size === 0) this.#sendAll();
  }

  #sendAll(): void {
    if (this.#unsent.length === 0) return;
    const group = this.#unsent;
    this.#unsent = [];
    this.#unsentBytes = 0;
    this.#sentMs = performance.now();
    this.#groups += 1;
    this.#thread
      .ask(
        "append",
        group.map(({ record }) => record),
      )
      .then(
        (appended) => this.#committed(group, appended),
        (error) => this.#refused(group, error),
      );
  }

  #committed(group: readonly Waiting[], { first, active }: Appended): void {
    this.#answered();
    this.#position = Math.max(this.#position, first + group.length - 1);
    if (active !== undefined) {
      const newest = this.#segments.length - 1;
      if (this.#segments[newest]?.first === active.first) this.#segments[newest] = active;
      else this.#segments.push(active);
    }
    this.#well();
    this.#release(group);
    for (const [index, { resolve }] of group.entries()) resolve(positionOf(first + index));
  }

  /** Which of them are in the log all the same, its next `state` shows. */
  #refused(group: readonly Waiting[], error: Error): void {
    this.#answered();
    this.#release(group);
    if (this.#thread.isRunning) this.#ill(error.message);
    for (const { reject } of group) reject(error);
  }

  #answered(): void {
    this.#groups -= 1;
    this.#silentS = 0;
  }

  #listen(): void {
    if (this.#groups === 0) return;
    this.#silentS += 1;
    if (this.#silentS === SILENT_S && this.#closing === undefined) this.#ill(unavailable(silent).message);
  }

  #release(group: readonly Waiting[]): void {
    for (const { bytes, ring } of group) {
      this.#waitingBytes -= bytes;
      ring?.release();
    }
  }

  #take({ position, segments }: LogState): void {
    this.#position = Math.max(this.#position, position);
    this.#segments = [...segments];
  }

  async #page(after: number, last: number): Promise<readonly StoredRecord[]> {
    return after >= last ? [] : this.#thread.ask("page", after, last);
  }

  #well(): void {
    this.#refusal = undefined;
    clearTimeout(this.#probe);
    this.#probe = undefined;
    this.#tellFault();
  }

  /** Probes from here on: while intake turns clients away, nothing else would find out that the disk is well again. */
  #ill(reason: string): void {
    this.#refusal = reason;
    this.#probe ??= setTimeout(() => void this.#tryAgain(), this.#options.probeIntervalMs).unref();
    this.#tellFault();
  }

  #tellFault(): void {
    const { fault } = this;
    if (fault === this.#toldFault) return;
    this.#toldFault = fault;
    this.#options.onFault?.(fault);
  }

  async #tryAgain(): Promise<void> {
    try {
      await this.#thread.ask("probe");
      this.#well();
    } catch (error) {
      this.#probe = undefined;
      // What the refused append said is more exact.
      if (this.#thread.isRunning && error instanceof Error) this.#ill(this.#refusal ?? error.message);
    }
  }

  #unavailable(reason: string, cause: unknown): SlipstreamError {
    if (this.#closing !== undefined) return closed();
    // A thread that could not open the log says best what is wrong.
    if (cause instanceof SlipstreamError)
      return new SlipstreamError("log_unavailable", cause.message, { cause });
    return unavailable(reason, cause);
  }
}
