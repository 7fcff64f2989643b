import { type MisdirectedName, misdirectedKinds } from "./kinds.ts";

/** Clients of each kind that are told apart; more are only counted. */
const MOST_CLIENTS = 32;
/** Longest part of what a client says of itself that is repeated. */
const SHOWN_LENGTH = 100;

/** What a client sent, and who it is. */
export interface Misdirection {
  readonly kind: MisdirectedName;
  /** Its address. */
  readonly address: string;
  readonly userAgent?: string | undefined;
  readonly method?: string | undefined;
  /** Without the query. */
  readonly path?: string | undefined;
}

/** A kind that was seen. */
export interface MisdirectedStatus {
  readonly kind: MisdirectedName;
  /** Since the start. */
  readonly count: number;
  /** ISO 8601. */
  readonly lastSeen: string;
  readonly remedy: string;
  /** Whether it works all the same. */
  readonly taken: boolean;
}

/** Counts what clients send to the wrong place, and reports each kind once for each client. */
export class Misdirected {
  readonly #seen = new Map<MisdirectedName, { count: number; lastMs: number; clients: Set<string> }>();
  readonly #onNews: (misdirection: Misdirection) => void;
  readonly #now: () => number;

  constructor(onNews: (misdirection: Misdirection) => void, now: () => number) {
    this.#onNews = onNews;
    this.#now = now;
  }

  count(misdirection: Misdirection): void {
    const { kind, address, userAgent, path } = misdirection;
    const seen = this.#seen.get(kind) ?? { count: 0, lastMs: 0, clients: new Set<string>() };
    this.#seen.set(kind, seen);
    seen.count += 1;
    seen.lastMs = this.#now();
    const client = `${address} ${userAgent?.slice(0, SHOWN_LENGTH)}`;
    if (seen.clients.has(client) || seen.clients.size >= MOST_CLIENTS) return;
    seen.clients.add(client);
    this.#onNews({
      ...misdirection,
      userAgent: userAgent?.slice(0, SHOWN_LENGTH),
      path: path?.slice(0, SHOWN_LENGTH),
    });
  }

  /** By kind; kinds that were not seen are missing. */
  status(): readonly MisdirectedStatus[] {
    return [...this.#seen].map(([kind, { count, lastMs }]) => ({
      kind,
      count,
      lastSeen: new Date(lastMs).toISOString(),
      remedy: misdirectedKinds[kind].remedy,
      taken: misdirectedKinds[kind].taken ?? false,
    }));
  }
}
