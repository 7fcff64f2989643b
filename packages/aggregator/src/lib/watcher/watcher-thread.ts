import type { Worker } from "node:worker_threads";
import type { Placed } from "@slipstream/engine";
import { startThread } from "../start-thread.ts";
import type { Head } from "./block-source.ts";
import type { FromWatcher, SlotOutcome, SlotRequest, ToWatcher, WatcherThreadSettings } from "./messages.ts";

interface Asked {
  readonly resolve: (value: Answer) => void;
  readonly reject: (error: Error) => void;
}

type Answer = Head | SlotOutcome | readonly Placed[];
type Question =
  | { readonly type: "head" }
  | { readonly type: "slot"; readonly request: SlotRequest }
  | { readonly type: "places"; readonly signatures: readonly string[] };

/** The watcher's thread as its owner sees it. One that ended is started again by the next question. */
export class WatcherThread {
  readonly #settings: WatcherThreadSettings;
  readonly #asked: Map<number, Asked> = new Map();
  #worker: Worker | undefined;
  #ids = 0;

  constructor(settings: WatcherThreadSettings) {
    this.#settings = settings;
  }

  /** Rejects where the source does, or the thread ends. */
  async head(): Promise<Head> {
    return (await this.#ask({ type: "head" })) as Head;
  }

  /** Rejects where the source does, or the thread ends. */
  async slot(request: SlotRequest): Promise<SlotOutcome> {
    return (await this.#ask({ type: "slot", request })) as SlotOutcome;
  }

  /** Rejects where the source does, or the thread ends. */
  async places(signatures: readonly string[]): Promise<readonly Placed[]> {
    return (await this.#ask({ type: "places", signatures })) as readonly Placed[];
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #ask(question: Question): Promise<Answer> {
    const worker = this.#running();
    const id = ++this.#ids;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      worker.postMessage({ ...question, id } satisfies ToWatcher);
    });
  }

  #running(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = startThread({
      module: "./watcher.worker",
      from: import.meta.url,
      name: "slipstream-watcher",
      workerData: this.#settings,
    });
    worker.on("message", (message: FromWatcher) => this.#hear(message));
    worker.on("error", () => undefined);
    worker.on("exit", () => {
      if (this.#worker === worker) this.#worker = undefined;
      for (const { reject } of this.#asked.values()) reject(new Error("the watcher's thread ended"));
      this.#asked.clear();
    });
    this.#worker = worker;
    return worker;
  }

  #hear(message: FromWatcher): void {
    const asked = this.#asked.get(message.id);
    this.#asked.delete(message.id);
    if (message.type === "failed") asked?.reject(new Error(message.reason));
    else if (message.type === "head") asked?.resolve(message.head);
    else asked?.resolve(message.type === "slot" ? message.outcome : message.places);
  }
}
