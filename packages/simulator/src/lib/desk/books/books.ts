import { semconv, spanName } from "@slipstream/conventions";
import type { ServiceState, StoreType } from "@slipstream/telemetry";
import type { TradeTruth } from "../../truth/model.ts";
import type { Calls } from "../calls.ts";
import { retry } from "../failure.ts";
import { Positions } from "./positions.ts";
import type { Entry, Store } from "./store.ts";

export interface BooksOptions {
  readonly stores: readonly Store[];
  readonly state: ServiceState;
  /** Called when a database can no longer be reached, and when it can again. */
  readonly onReachable?: (store: StoreType, reachable: boolean, why: string) => void;
}

const REPORT_MS = 1000;
/** A database to which nothing was written for so long is asked whether it is there. */
const CHECK_AFTER_MS = 5000;

interface Reached {
  up: boolean | undefined;
  atMs: number;
}

/** What the desk keeps of its trades: open positions, and entries in its databases. */
export class Books {
  readonly #options: BooksOptions;
  readonly #positions = new Positions();
  readonly #reached = new Map<StoreType, Reached>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: BooksOptions) {
    this.#options = options;
  }

  get openPositions(): number {
    return this.#positions.open;
  }

  /** Reports positions and connections from now on. */
  open(): void {
    for (const { type } of this.#options.stores)
      this.#reached.set(type, { up: undefined, atMs: -CHECK_AFTER_MS });
    this.#look();
    this.#timer = setInterval(() => this.#look(), REPORT_MS);
    this.#timer.unref();
  }

  /** Enters a trade. A write that fails is seen in its span, and fails nothing else. Never rejects. */
  async enter(trade: TradeTruth, calls: Calls): Promise<void> {
    const { strategy, pair, side, status } = trade;
    const position = status === "success" ? this.#positions.apply(strategy, pair, side) : undefined;
    await Promise.all(this.#options.stores.map((store) => this.#write(store, { trade, position }, calls)));
    this.#report();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#options.stores.map((store) => store.close()));
  }

  async #write(store: Store, entry: Entry, calls: Calls): Promise<void> {
    const { type, attributes, attempts } = store;
    try {
      await retry(attempts, () =>
        calls.track(spanName.dbWrite, () => store.write(entry), {
          attributes: { [semconv.dbSystem]: type, ...attributes },
          store: type,
        }),
      );
      this.#found(type, true, "");
    } catch (error) {
      this.#found(type, false, messageOf(error));
    }
  }

  #look(): void {
    for (const store of this.#options.stores) {
      const reached = this.#reached.get(store.type);
      if (reached === undefined || performance.now() - reached.atMs < CHECK_AFTER_MS) continue;
      reached.atMs = performance.now();
      store.check().then(
        () => this.#found(store.type, true, ""),
        (error: unknown) => this.#found(store.type, false, messageOf(error)),
      );
    }
    this.#report();
  }

  #found(type: StoreType, up: boolean, why: string): void {
    const reached = this.#reached.get(type);
    if (reached === undefined) return;
    const before = reached.up;
    reached.up = up;
    reached.atMs = performance.now();
    if (before !== up && (before !== undefined || !up)) this.#options.onReachable?.(type, up, why);
  }

  #report(): void {
    const { state, stores } = this.#options;
    state.setOpenPositions(this.#positions.open);
    for (const { type, connections } of stores) {
      state.setConnections(type, connections);
      state.setDependencyUp(type, this.#reached.get(type)?.up);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
