import type { Socket } from "node:net";
import { Turns } from "../../pipeline/turns.ts";
import { Connection, type Exchange } from "./connection.ts";
import { ParsingTime } from "./feed.ts";
import { type ConnectionLimits, RESERVED } from "./limits.ts";

/** Why a connection was closed that its client might have kept. */
export const closeReasons = ["idle", "slow", "unread", "pipelined", "full"] as const;

export type CloseReason = (typeof closeReasons)[number];

/** The limit of connections was reached, or there is room again. */
export interface ConnectionsNews {
  readonly full: boolean;
  readonly limit: number;
  /** Connections closed because of it since it was reached. */
  readonly closed: number;
  /** The address with the most connections, and how many. */
  readonly address: string;
  readonly ofAddress: number;
}

/** What is known of the connections at this moment. */
export interface ConnectionsStatus {
  readonly open: number;
  readonly limit: number;
  /** Whether new ones were let in at the cost of others a moment ago. */
  readonly full: boolean;
  /** By reason, since the start. */
  readonly closed: Readonly<Record<CloseReason, number>>;
  /** Bytes of answers that clients have not taken yet. */
  readonly answerBytes: number;
}

export interface ConnectionsOptions {
  readonly limits: Pick<ConnectionLimits, "maxConnections" | "maxHeld">;
  readonly serve: (connection: Connection, exchange: Exchange) => void;
  readonly onNews: (news: ConnectionsNews) => void;
}

/** There is room again when so much of the limit has been free for so long. */
const ROOM = 0.1;
const ROOM_MS = 30_000;
/** What requests that waited for earlier ones may take of a turn of the event loop: those who wait for answers come first. */
const PIPELINED_MS = 2;

/**
 * The open connections. A new one is always let in: at the limit, the one that has waited longest for its client makes room, first
 * among those that have delivered nothing. So neither idle connections nor half-sent requests lock anybody out. If all are at
 * work, the new one is `reserved`: only health and metrics are answered on it.
 */
export class Connections {
  readonly closed: Record<CloseReason, number> = { idle: 0, slow: 0, unread: 0, pipelined: 0, full: 0 };
  readonly #options: ConnectionsOptions;
  readonly #all = new Map<Socket, Connection>();
  /** Those with so many requests waiting that no more is read from them. */
  readonly #held = new Set<Connection>();
  /**
   * Those that wait for their client, who waited longest first: for a request, or for the rest of one. Some may be at work
   * again; this is looked at when it matters.
   */
  readonly #waiting = new Set<Connection>();
  readonly #waitingDelivered = new Set<Connection>();
  readonly #reserved = new Set<Connection>();
  readonly #parsingTime = new ParsingTime();
  readonly #pipelined = new Turns(PIPELINED_MS);
  /** Connections closed since the limit was reached; undefined if it is not. */
  #closedSince: number | undefined;
  /** When there was last no room, `performance.now()`. */
  #crowdedMs = 0;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  [Symbol.iterator](): IterableIterator<Connection> {
    return this.#all.values();
  }

  get(socket: Socket): Connection | undefined {
    return this.#all.get(socket);
  }

  get status(): Omit<ConnectionsStatus, "answerBytes"> {
    return {
      open: this.#all.size,
      limit: this.#options.limits.maxConnections,
      full: this.#closedSince !== undefined,
      closed: { ...this.closed },
    };
  }

  /** Lets a new connection in. */
  open(socket: Socket): void {
    const { maxConnections } = this.#options.limits;
    let reserved = false;
    if (this.#all.size - this.#reserved.size >= maxConnections && !this.#makeRoom()) {
      reserved = true;
      const [longest] = this.#reserved;
      if (this.#reserved.size >= RESERVED && longest !== undefined) this.cut(longest, "full");
    }
    const connection = new Connection(socket, reserved, {
      parsingTime: this.#parsingTime,
      holds: (holding, held) => this.#holds(holding, held),
      inTurn: (begin) => void this.#pipelined.do(begin),
      serve: this.#options.serve,
      rests: (rested) => this.#waits(rested),
    });
    this.#all.set(socket, connection);
    if (reserved) this.#reserved.add(connection);
    else this.#waits(connection);
    socket.once("close", () => this.#forget(connection));
  }

  /** Takes a request. */
  take(exchange: Exchange): void {
    const connection = this.#all.get(exchange.request.socket);
    // What was cut may still have been parsed.
    if (connection === undefined || connection.socket.destroyed) return;
    this.#moved(connection, exchange);
    connection.take(exchange);
  }

  /** Closes a connection, and counts why. */
  cut(connection: Connection, reason: CloseReason): void {
    if (connection.socket.destroyed) return;
    this.closed[reason] += 1;
    if (this.#closedSince !== undefined) this.#closedSince += 1;
    this.#forget(connection);
    connection.socket.destroy();
  }

  /** Tells when there is room again. To be called now and then. */
  look(): void {
    if (this.#closedSince === undefined) return;
    const nowMs = performance.now();
    if (this.#all.size > this.#options.limits.maxConnections * (1 - ROOM)) this.#crowdedMs = nowMs;
    if (nowMs - this.#crowdedMs < ROOM_MS) return;
    this.#tell(false);
    this.#closedSince = undefined;
  }

  #holds(connection: Connection, held: boolean): void {
    if (!held) this.#held.delete(connection);
    else if (this.#held.size >= this.#options.limits.maxHeld) this.cut(connection, "pipelined");
    else this.#held.add(connection);
  }

  #waits(connection: Connection): void {
    if (connection.reserved || connection.socket.destroyed) return;
    this.#waiting.delete(connection);
    this.#waitingDelivered.delete(connection);
    (connection.delivered ? this.#waitingDelivered : this.#waiting).add(connection);
  }

  /** A request has come. If it has a body, the connection goes on waiting, from now. */
  #moved(connection: Connection, { request: { headers } }: Exchange): void {
    const hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
    if (hasBody) {
      this.#waits(connection);
    } else {
      this.#waiting.delete(connection);
      this.#waitingDelivered.delete(connection);
    }
  }

  #makeRoom(): boolean {
    for (const group of [this.#waiting, this.#waitingDelivered]) {
      for (const connection of group) {
        group.delete(connection);
        // It has what it waited for.
        if (connection.current?.request.complete === true) continue;
        if (this.#closedSince === undefined) {
          this.#closedSince = 0;
          this.#crowdedMs = performance.now();
          this.#tell(true);
        }
        this.cut(connection, "idle");
        return true;
      }
    }
    return false;
  }

  #forget(connection: Connection): void {
    this.#all.delete(connection.socket);
    this.#waiting.delete(connection);
    this.#waitingDelivered.delete(connection);
    this.#reserved.delete(connection);
  }

  #tell(full: boolean): void {
    const counts = new Map<string, number>();
    let [address, ofAddress] = ["", 0];
    for (const { socket } of this.#all.values()) {
      const of = socket.remoteAddress ?? "";
      const count = (counts.get(of) ?? 0) + 1;
      counts.set(of, count);
      if (count > ofAddress) [address, ofAddress] = [of, count];
    }
    const { maxConnections } = this.#options.limits;
    this.#options.onNews({ full, limit: maxConnections, closed: this.#closedSince ?? 0, address, ofAddress });
  }
}
