import type { Worker } from "node:worker_threads";
import { SlipstreamError } from "@slipstream/conventions";
import { startThread } from "../start-thread.ts";
import { ByteRing } from "./byte-ring.ts";
import { closed, LogBusyError, unavailable } from "./errors.ts";
import type { Log, LogRecord, NewRecord, Segment } from "./log.ts";
import type { LogCoreOptions } from "./log-core.ts";
import { sizeOf } from "./memory-log.ts";
import type { FromLog, LogState, LogThreadSettings, SentRecord, ToLog } from "./messages.ts";
import type { Salvaged } from "./salvage.ts";

export interface ThreadLogOptions {
  readonly core: LogCoreOptions;
  readonly maxWaitingBytes: number;
  readonly groupMs: number;
  readonly probeIntervalMs: number;
  readonly onSalvaged: (salvaged: Salvaged) => void;
  readonly onClosed: () => void;
}

interface Waiting {
  readonly resolve: (position: number) => void;
  readonly reject: (error: Error) => void;
  readonly bytes: number;
  readonly inRing: boolean;
}

interface Asked {
  readonly resolve: (answer: FromLog) => void;
  readonly reject: (error: Error) => void;
}

/** Records come in fast, and are better written in groups, where as many came within a window of this length. */
const WINDOW_MS = 50;
const FAST = 10;
/** Bytes that are worth a transaction of their own, however short a time ago the last one began. */
const GROUP_BYTES = 2 * 1024 * 1024;
const RESTART_MS = 100;
const LONGEST_RESTART_MS = 5_000;
const CLOSE_MS = 8_000;

/** A log in a thread of its own, as the thread that uses it sees it. It never waits for the disk. */
export class ThreadLog implements Log {
  position = 0;
  fault: string | undefined = undefined;

  readonly #options: ThreadLogOptions;
  #segments: Segment[] = [];
  #worker: Worker | undefined;
  #ring: ByteRing;
  /** Appends that were not answered yet, in the order of the log. */
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #unsent: SentRecord[] = [];
  #unsentBytes = 0;
  #sentMs = Number.NEGATIVE_INFINITY;
  #windowMs = Number.NEGATIVE_INFINITY;
  #inWindow = 0;
  #isFast = false;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  readonly #asked: Map<number, Asked> = new Map();
  #ids = 0;
  #probe: NodeJS.Timeout | undefined;
  #restart: NodeJS.Timeout | undefined;
  #restarts = 0;
  #closing: Promise<void> | undefined;
  #onOpened: ((error?: Error) => void) | undefined;
  #onEnded: (() => void) | undefined;

  private constructor(options: ThreadLogOptions) {
    this.#options = options;
    this.#ring = new ByteRing(options.maxWaitingBytes);
  }

  /** @throws SlipstreamError where the log cannot be opened */
  static async open(options: ThreadLogOptions): Promise<ThreadLog> {
    const log = new ThreadLog(options);
    await new Promise<void>((resolve, reject) => {
      log.#onOpened = (error) => (error === undefined ? resolve() : reject(error));
      log.#start(options.core);
    });
    return log;
  }

  append(record: NewRecord): Promise<number> {
    if (this.#closing !== undefined) return Promise.reject(closed());
    if (this.#worker === undefined) return Promise.reject(this.#unavailable());
    const bytes = sizeOf(record);
    if (this.#waiting.length > 0 && this.#waitingBytes + bytes > this.#options.maxWaitingBytes) {
      return Promise.reject(new LogBusyError(this.#waitingBytes));
    }
    const sent = this.#place(record);
    if (sent === undefined) return Promise.reject(new LogBusyError(this.#waitingBytes));
    this.#unsent.push(sent);
    this.#unsentBytes += bytes;
    this.#waitingBytes += bytes;
    const inRing = !(sent.body instanceof Uint8Array);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject, bytes, inRing });
      this.#sendSoon();
    });
  }

  async *read(after: number): AsyncIterable<LogRecord> {
    const last = this.position;
    let next = this.#page(after, last);
    for (;;) {
      const page = await next;
      const reached = page.at(-1)?.position;
      if (reached === undefined) return;
      // The thread reads on while this page is worked on.
      if (reached < last) next = this.#page(reached, last);
      // Who breaks off does not hear what came of the next page.
      next.catch(() => undefined);
      yield* page;
      if (reached >= last) return;
    }
  }

  get droppedThrough(): number {
    const [oldest] = this.#segments;
    return oldest === undefined ? this.position : oldest.first - 1;
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  segments(): readonly Segment[] {
    return [...this.#segments];
  }

  async dropThrough(position: number): Promise<void> {
    await this.#ask((id) => ({ type: "drop", id, position }));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearTimeout(this.#restart);
    this.#stopProbing();
    this.#send();
    if (this.#worker !== undefined) {
      const ended = new Promise<void>((resolve) => {
        this.#onEnded = resolve;
      });
      this.#post({ type: "close" });
      const deadline = setTimeout(() => void this.#worker?.terminate(), CLOSE_MS);
      await ended;
      clearTimeout(deadline);
    }
    this.#rejectAll(closed());
    this.#options.onClosed();
  }

  /** Copies the body to where the thread finds it; undefined where there is no room. */
  #place(record: NewRecord): SentRecord | undefined {
    const { body } = record;
    if (body.byteLength === 0) return record;
    if (body.byteLength > this.#options.maxWaitingBytes) return { ...record, body: body.slice() };
    const offset = this.#ring.put(body);
    if (offset === undefined) return undefined;
    return { ...record, body: { offset, length: body.byteLength } };
  }

  /** At once, but where records come in fast together with what comes soon: each transaction waits for the disk. */
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
    if (this.#unsent.length === 0) return;
    const records = this.#unsent;
    this.#unsent = [];
    this.#unsentBytes = 0;
    this.#sentMs = performance.now();
    this.#post({ type: "append", records });
  }

  #post(message: ToLog): void {
    this.#worker?.postMessage(message);
  }

  async #page(after: number, last: number): Promise<readonly LogRecord[]> {
    if (after >= last) return [];
    const answer = await this.#ask((id) => ({ type: "page", id, after, last }));
    return answer.type === "page" ? answer.records : [];
  }

  #ask(question: (id: number) => ToLog): Promise<FromLog> {
    if (this.#worker === undefined) return Promise.reject(this.#unavailable());
    return new Promise((resolve, reject) => {
      const id = ++this.#ids;
      this.#asked.set(id, { resolve, reject });
      this.#post(question(id));
    });
  }

  #start(core: LogCoreOptions): void {
    this.#ring = new ByteRing(this.#options.maxWaitingBytes);
    const worker = startThread({
      module: "./log.worker",
      from: import.meta.url,
      name: "slipstream-log",
      workerData: { ...core, ring: this.#ring.memory } satisfies LogThreadSettings,
    });
    let reason = "its thread ended";
    worker.on("message", (message: FromLog) => this.#hear(message));
    worker.on("error", (error) => {
      reason = `its thread failed: ${error instanceof Error ? error.message : String(error)}`;
    });
    worker.on("exit", () => this.#ended(reason));
    this.#worker = worker;
  }

  #hear(message: FromLog): void {
    switch (message.type) {
      case "committed":
        this.#committed(message);
        break;
      case "refused":
        this.#refused(message);
        break;
      case "probed":
        if (message.reason === undefined) this.#well();
        else this.#ill(message.reason);
        break;
      case "opened":
        this.#take(message.state);
        for (const salvaged of message.salvaged) this.#options.onSalvaged(salvaged);
        this.#restarts = 0;
        this.#well();
        this.#onOpened?.();
        this.#onOpened = undefined;
        break;
      case "failed":
        this.#failedToOpen(new SlipstreamError(message.code, message.message, fieldOf(message.field)));
        break;
      case "page":
        this.#answer(message.id)?.resolve(message);
        break;
      case "state":
        this.#take(message.state);
        if (message.id !== undefined) this.#answer(message.id)?.resolve(message);
        break;
      case "error":
        this.#answer(message.id)?.reject(
          new SlipstreamError(message.code, message.message, { field: "data" }),
        );
        break;
      case "closed":
        break;
    }
  }

  #committed({ first, count, active }: FromLog & { type: "committed" }): void {
    this.position = first + count - 1;
    if (active !== undefined) {
      const newest = this.#segments.length - 1;
      if (this.#segments[newest]?.first === active.first) this.#segments[newest] = active;
      else this.#segments.push(active);
    }
    this.#well();
    this.#oldest(count).forEach(({ resolve }, index) => {
      resolve(first + index);
    });
  }

  #refused({ count, reason, state }: FromLog & { type: "refused" }): void {
    this.#take(state);
    this.#ill(reason);
    for (const { reject } of this.#oldest(count)) reject(this.#unavailable());
  }

  /** Takes the oldest appends from those that wait. */
  #oldest(count: number): readonly Waiting[] {
    const oldest = this.#waiting.splice(0, count);
    for (const { bytes, inRing } of oldest) {
      this.#waitingBytes -= bytes;
      if (inRing) this.#ring.release();
    }
    return oldest;
  }

  #take({ position, segments }: LogState): void {
    this.position = position;
    this.#segments = [...segments];
  }

  #well(): void {
    this.fault = undefined;
    this.#stopProbing();
  }

  #ill(reason: string): void {
    this.fault = unavailable(reason).message;
    // Where intake turns clients away nothing else would find out that the disk is well again.
    this.#probe ??= setInterval(() => this.#post({ type: "probe" }), this.#options.probeIntervalMs).unref();
  }

  #stopProbing(): void {
    clearInterval(this.#probe);
    this.#probe = undefined;
  }

  #unavailable(): SlipstreamError {
    return new SlipstreamError(
      "log_unavailable",
      this.fault ?? unavailable("its thread is starting").message,
    );
  }

  #answer(id: number): Asked | undefined {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    return asked;
  }

  #failedToOpen(error: SlipstreamError): void {
    this.fault = error.message;
    this.#onOpened?.(error);
  }

  #ended(reason: string): void {
    this.#worker = undefined;
    this.#stopProbing();
    if (this.#closing !== undefined) {
      this.#onEnded?.();
      return;
    }
    const opening = this.#onOpened;
    if (opening !== undefined) {
      opening(unavailable(reason));
      return;
    }
    // The reason of a thread that could not open the log is better than that it ended.
    if (this.#restarts === 0) this.fault = unavailable(reason).message;
    // Which of these are in the log, only the next thread can tell.
    this.#rejectAll(this.#unavailable());
    const delayMs = Math.min(LONGEST_RESTART_MS, RESTART_MS * 2 ** this.#restarts++);
    this.#restart = setTimeout(() => {
      // What is written is never fewer than what was acknowledged.
      const { core } = this.#options;
      this.#start({ ...core, atLeast: this.position, checkAfter: Number.POSITIVE_INFINITY, salvage: false });
    }, delayMs);
  }

  #rejectAll(error: Error): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
    this.#unsent = [];
    this.#unsentBytes = 0;
    for (const { reject } of this.#oldest(this.#waiting.length)) reject(error);
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
  }
}

function fieldOf(field: string | undefined): { field?: string } {
  return field === undefined ? {} : { field };
}
