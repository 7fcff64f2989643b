import { setTimeout as sleep } from "node:timers/promises";
import type { Batch } from "./load/batch.ts";
import type { Load } from "./load/load.ts";

/** Requests under way at a time. */
const CONCURRENCY = 8;
/** How far a batch may be ahead of the oldest one that is not acknowledged. */
const AHEAD = 8;
const TIMEOUT_MS = 20_000;

export interface SenderOptions {
  /** Its first batches are sent one after the other, and so is the last one, after all others. */
  readonly load: Load;
  /** Resolves with the aggregator's address, when there is one. */
  readonly url: () => Promise<string>;
  /** Batches to send once more after they were acknowledged. */
  readonly repeat?: (index: number) => boolean;
  /** Between two requests of one connection, ms. Default 0. */
  readonly pauseMs?: number;
}

/** A client as exporters are: several requests at a time, and what was not acknowledged is sent again until it is. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #acknowledged: Set<number> = new Set();
  readonly #waiting: Set<{ readonly count: number; readonly resolve: () => void }> = new Set();
  #next = 0;
  #oldest = 0;
  #attempts = 0;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Indices of the batches that were acknowledged. */
  get acknowledged(): ReadonlySet<number> {
    return this.#acknowledged;
  }

  /** Requests sent, those without an answer included. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Resolves once so many batches are acknowledged. */
  reached(count: number): Promise<void> {
    if (this.#acknowledged.size >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.add({ count, resolve }));
  }

  /** Sends everything. @throws Error where a batch is refused for good */
  async run(): Promise<void> {
    while (this.#next < this.#options.load.first) await this.#deliver(this.#next++);
    await Promise.all(Array.from({ length: CONCURRENCY }, () => this.#lane()));
    await this.#deliver(this.#next++);
  }

  async #lane(): Promise<void> {
    const { load, repeat, pauseMs = 0 } = this.#options;
    while (this.#next < load.batches - 1) {
      if (this.#next > this.#oldestWaiting() + AHEAD) {
        await sleep(1);
        continue;
      }
      if (pauseMs > 0) await sleep(pauseMs);
      if (this.#next >= load.batches - 1) return;
      const index = this.#next++;
      await this.#deliver(index);
      if (repeat?.(index)) await this.#send(this.#options.load.batch(index));
    }
  }

  async #deliver(index: number): Promise<void> {
    await this.#send(this.#options.load.batch(index));
    this.#acknowledged.add(index);
    for (const waiting of this.#waiting) {
      if (this.#acknowledged.size < waiting.count) continue;
      this.#waiting.delete(waiting);
      waiting.resolve();
    }
  }

  /** Resolves once the batch is acknowledged. */
  async #send(batch: Batch): Promise<void> {
    for (;;) {
      const url = await this.#options.url();
      this.#attempts += 1;
      const status = await post(url, batch);
      if (status === 200) return;
      // No answer: whether it was taken is unknown. Else the aggregator asks for it again.
      await sleep(status === undefined ? 2 : 50);
    }
  }

  #oldestWaiting(): number {
    while (this.#acknowledged.has(this.#oldest)) this.#oldest += 1;
    return this.#oldest;
  }
}

const mediaType = { protobuf: "application/x-protobuf", json: "application/json" } as const;

export function headersOf({ format, gzip }: Batch): Record<string, string> {
  return { "content-type": mediaType[format], ...(gzip ? { "content-encoding": "gzip" } : {}) };
}

/** The answer's status, undefined where there was none. @throws Error where the batch is refused for good */
export async function post(url: string, batch: Batch): Promise<number | undefined> {
  let status: number;
  let text: string;
  try {
    const response = await fetch(`${url}/v1/${batch.kind}`, {
      method: "POST",
      headers: headersOf(batch),
      body: batch.body as Uint8Array<ArrayBuffer>,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    status = response.status;
    // An answer that breaks off after its status line has been given all the same.
    text = await response.text().catch(() => "");
  } catch {
    return undefined;
  }
  if (status === 200 || status === 429 || status === 503) return status;
  throw new Error(`Batch ${batch.index} was answered ${status}: ${text}`);
}
