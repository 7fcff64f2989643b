import type { Worker } from "node:worker_threads";
import { SlipstreamError } from "@slipstream/conventions";
import type { SinkStateChange } from "../sinks/dashboard-sink.ts";
import type { SinkStatus } from "../sinks/sink.ts";
import { startThread } from "../start-thread.ts";
import {
  type FromState,
  type StateQueries,
  type StateQuery,
  type StateSettings,
  type StateWrite,
  sizeOf,
  type ToState,
} from "./messages.ts";

export interface StateThreadOptions extends StateSettings {
  /** Told when writes begin to fail, with the reason, and when they succeed again. */
  readonly onFault?: ((reason: string | undefined) => void) | undefined;
  /** Told when the remote history begins to fail and when it works again. */
  readonly onRemoteState?: ((change: SinkStateChange) => void) | undefined;
}

interface Waiting {
  readonly write: StateWrite;
  readonly done: () => void;
}

interface Asked {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that ended is started again after this, doubled with each failure up to the longest. */
const RESTART_MS = 100;
const LONGEST_RESTART_MS = 5_000;
const CLOSE_MS = 8_000;
/** More than a checkpoint and some thousand rows take at a time. */
const YOUNG_GENERATION_MB = 16;

/**
 * The store's thread as its owner sees it. Writes are carried out in order; each is kept here until the thread says
 * that it is on the disk, so that a thread which ends takes nothing with it: the next one is given it again.
 */
export class StateThread {
  readonly #options: StateThreadOptions;
  #worker: Worker | undefined;
  #waiting: Waiting[] = [];
  #waitingSize = 0;
  readonly #asked: Map<number, Asked> = new Map();
  /** Told whenever less waits than before. */
  #onWritten: (() => void)[] = [];
  #ids = 0;
  #fault: string | undefined;
  #remote: SinkStatus = { up: null, queueItems: 0, dropped: 0, writtenTimeMs: null };
  #restarts = 0;
  #restart: NodeJS.Timeout | undefined;
  #closing = false;
  #onOpened: ((error?: Error) => void) | undefined;
  #onClosed: () => void = () => undefined;

  private constructor(options: StateThreadOptions) {
    this.#options = options;
  }

  /** @throws SlipstreamError `state_corrupt`, `state_version`, `state_unusable` */
  static async open(options: StateThreadOptions): Promise<StateThread> {
    const thread = new StateThread(options);
    await new Promise<void>((resolve, reject) => {
      thread.#onOpened = (error) => (error === undefined ? resolve() : reject(error));
      thread.#run();
    });
    return thread;
  }

  /** Why writes fail at present; undefined where they succeed. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** How the remote history stood a second ago, at most. */
  get remote(): SinkStatus {
    return this.#remote;
  }

  /** Rows, instants and checkpoints that are not on the disk yet. */
  get waiting(): number {
    return this.#waitingSize;
  }

  /** Hands over a write; resolves once it is carried out. It never rejects: what fails is tried again. */
  write(write: StateWrite): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ write, done });
      this.#waitingSize += sizeOf(write);
      this.#send({ type: "write", write });
    });
  }

  /** Resolves once fewer than `limit` of these wait. */
  async fewerThan(limit: number): Promise<void> {
    while (this.#waitingSize >= limit) await new Promise<void>((resolve) => this.#onWritten.push(resolve));
  }

  /** Rejects where the query fails, or the thread ends before it answers. */
  ask<Name extends keyof StateQueries>(
    name: Name,
    ...args: Parameters<StateQueries[Name]>
  ): Promise<ReturnType<StateQueries[Name]>> {
    if (this.#worker === undefined) return Promise.reject(new Error(this.#fault ?? "The store is closed."));
    const id = ++this.#ids;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#send({ type: "query", id, query: { name, args } as StateQuery });
    });
  }

  /** Writes what waits and ends the thread; gives up on writes that fail. Never rejects. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    clearTimeout(this.#restart);
    const worker = this.#worker;
    if (worker === undefined) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, CLOSE_MS);
      this.#onClosed = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#send({ type: "close" });
    });
    await worker.terminate().catch(() => undefined);
  }

  #run(): void {
    const worker = startThread({
      module: "./state.worker",
      from: import.meta.url,
      name: "slipstream-store",
      workerData: settingsOf(this.#options),
      youngGenerationMb: YOUNG_GENERATION_MB,
    });
    worker.on("message", (message: FromState) => this.#hear(message));
    worker.on("error", (error) => this.#setFault(`The store's thread failed: ${error}.`));
    worker.on("exit", () => this.#exited());
    this.#worker = worker;
    // What the thread before this one had not finished.
    for (const { write } of this.#waiting) this.#send({ type: "write", write });
  }

  #send(message: ToState): void {
    this.#worker?.postMessage(message);
  }

  #hear(message: FromState): void {
    switch (message.type) {
      case "opened":
        this.#opened();
        return;
      case "refused":
        this.#opened(new SlipstreamError(message.code, message.message, { field: "data" }));
        return;
      case "written":
        this.#restarts = 0;
        for (const { write, done } of this.#waiting.splice(0, message.count)) {
          this.#waitingSize -= sizeOf(write);
          done();
        }
        for (const tell of this.#onWritten.splice(0)) tell();
        return;
      case "fault":
        this.#setFault(
          message.reason === undefined ? undefined : `The store cannot be written: ${message.reason}.`,
        );
        return;
      case "answer":
        this.#asked.get(message.id)?.resolve(message.value);
        this.#asked.delete(message.id);
        return;
      case "failed":
        this.#asked.get(message.id)?.reject(new SlipstreamError(message.code, message.message));
        this.#asked.delete(message.id);
        return;
      case "remote":
        this.#remote = message.status;
        return;
      case "remoteState":
        this.#options.onRemoteState?.(message.change);
        return;
      case "closed":
        this.#onClosed();
    }
  }

  #opened(error?: Error): void {
    if (error !== undefined && this.#onOpened === undefined) this.#setFault(error.message);
    if (error === undefined) this.#setFault(undefined);
    this.#onOpened?.(error);
    this.#onOpened = undefined;
    if (error !== undefined) void this.#worker?.terminate();
  }

  #exited(): void {
    this.#worker = undefined;
    this.#onClosed();
    for (const { reject } of this.#asked.values()) reject(new Error("The store's thread ended."));
    this.#asked.clear();
    if (this.#onOpened !== undefined) {
      this.#opened(
        new SlipstreamError("state_unusable", this.#fault ?? "The store's thread ended.", { field: "data" }),
      );
      this.#closing = true;
    }
    if (this.#closing) return;
    this.#setFault(this.#fault ?? "The store's thread ended.");
    const waitMs = Math.min(LONGEST_RESTART_MS, RESTART_MS * 2 ** Math.min(this.#restarts++, 10));
    this.#restart = setTimeout(() => this.#run(), waitMs);
  }

  #setFault(reason: string | undefined): void {
    if (reason === this.#fault) return;
    this.#fault = reason;
    this.#options.onFault?.(reason);
  }
}

/** Functions cannot go into the thread. */
function settingsOf({ file, retention, questdb }: StateSettings): StateSettings {
  return { file, retention, questdb };
}
