import { SlipstreamError } from "@slipstream/conventions";

/** A process that writes into Redis or QuestDB, as its lease names it. */
export interface Writer {
  /** Name of the desk; "" if it has none. */
  readonly desk: string;
  /** Kept in the data folder: a restarted aggregator is the same instance. */
  readonly instance: string;
  /** A new one for each process. */
  readonly run: string;
  /** Machine and folder of the instance, as a hash. A copy of the folder is in another place. */
  readonly place: string;
  readonly host: string;
  readonly pid: number;
}

/** A lease: who writes, and a number that rises each time that the lease changes hands. */
export interface Lease extends Omit<Writer, "run" | "place"> {
  readonly epoch: number;
}

/** Whether this process may write into a store; null until that is known. */
export interface LeaseState {
  readonly held: boolean | null;
  /** Of the one who may; undefined if that is not known. */
  readonly lease?: Lease;
  /** The store whose lease that is, if it is another one's that covers this store. */
  readonly coveredBy?: "redis";
}

/** A lease that is not renewed ends after this time, ms. */
export const LEASE_MS = 15_000;
/** Time between two renewals, ms. */
export const RENEW_MS = 4_000;

/** A store that takes a lease, and the option that gives a writer a part of it to itself. */
export interface LeasedStore {
  readonly name: "Redis" | "QuestDB";
  readonly prefix: "redisPrefix (--redis-prefix)" | "questdbTablePrefix (--questdb-table-prefix)";
}

export const redisStore: LeasedStore = { name: "Redis", prefix: "redisPrefix (--redis-prefix)" };
export const questDbStore: LeasedStore = {
  name: "QuestDB",
  prefix: "questdbTablePrefix (--questdb-table-prefix)",
};

/** The error of `writer`, which cannot write because another process has the lease. */
export function writerOther(store: LeasedStore, lease: Lease, writer: Writer): SlipstreamError {
  const who = `${leaseText(lease)} writes to this ${store.name}`;
  const isCopy = lease.instance === writer.instance;
  const advice = isCopy
    ? "Its data folder is a copy of this one's: run only one of the two."
    : `To write at the same time, give one of them a ${store.prefix} of its own.`;
  return new SlipstreamError(
    "writer_other",
    `${who}. This one writes nothing there and takes over if that one stops. ${advice}`,
    { field: store.name === "Redis" ? "redis" : "questdb" },
  );
}

/** What a state of a lease means to people after the one before: undefined if there is nothing to say. */
export type LeaseNews = "refused" | "covered" | "lost" | "taken over" | undefined;

/** Follows the states of one lease. */
export function leaseNews(): (state: LeaseState) => LeaseNews {
  let before: boolean | undefined;
  return ({ held, coveredBy }) => {
    if (held === null || held === before) return undefined;
    const first = before === undefined;
    before = held;
    if (!held && coveredBy !== undefined) return "covered";
    if (!held) return first ? "refused" : "lost";
    return first ? undefined : "taken over";
  };
}

/** "The aggregator of desk alpha on host a (pid 7)" */
export function leaseText({ desk, host, pid }: Pick<Lease, "desk" | "host" | "pid">): string {
  return `The aggregator${desk === "" ? "" : ` of desk ${desk}`} on host ${host} (pid ${pid})`;
}

/**
 * A time that both clocks must not have passed: one that never goes back, and the calendar's, which goes on while the machine
 * sleeps. So a process that was stopped for a while knows it.
 */
export class Deadline {
  readonly #monotonicMs: number;
  readonly #wallMs: number;

  constructor(ms: number) {
    this.#monotonicMs = performance.now() + ms;
    this.#wallMs = Date.now() + ms;
  }

  get passed(): boolean {
    return performance.now() >= this.#monotonicMs || Date.now() >= this.#wallMs;
  }
}
