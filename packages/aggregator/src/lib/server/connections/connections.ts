import type { Socket } from "node:net";
import { Turns } from "../../pipeline/turns.ts";
import { Connection, type Exchange } from "./connection.ts";
import { ParsingTime } from "./feed.ts";
import { type ConnectionLimits, RESERVED } from "./limits.ts";

/** Why a connection was closed that its client might have kept. */
export const closeReasons = ["idle", "slow", "unread", "pipelined", "full", "files"] as const;

export type CloseReason = (typeof closeReasons)[number];

/** The limit of connections was reached, or there is room again. */
export interface ConnectionsNews {
  readonly full: boolean;
  readonly limit: number;
  /** Connections closed because of it since it was reached. */
  readonly closed: number;
  /** Why no further connection could be accepted, if that is what lowered the limit. */
  readonly fault?: string | undefined;
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
  /** Connections that could not be accepted, since the start. Without a free file, most are not seen. */
  readonly acceptErrors: number;
  /** Bytes of answers that clients have not taken yet. */
  readonly answerBytes: number;
}

export interface ConnectionsOptions {
  readonly limits: Pick<ConnectionLimits, "maxConnections" | "maxHeld">;
  readonly serve: (connection: Connection, exchange: Exchange) => void;
  readonly onNews: (news: ConnectionsNews) => void;
  /** Why no further file can be opened; undefined if one can. */
  readonly outOfFiles?: () => string | undefined;
}

/** If there are no more files, the limit is so far below the connections that are open. The log and the stores need files too. */
const FREED = 16;
const LEAST = 8;
/** There is room again when so much of the limit has been free for so long. */
const ROOM = 0.1;
const ROOM_MS = 30_000;
/** What requests that waited for earlier ones may take of a turn of the event loop: those who wait for answers come first. */
const PIPELINED_MS = 2;

/**
 * The open connections. A new one is always let in: at the limit, the one that has waited longest for its client makes room, first
 * among those that have delivered nothing. So neither idle connections nor half-sent requests lock anybody out. If all are at
 * work, the new one is `reserved`: only health and metrics are answered on it.
 *
 * If the process runs out of files first, the limit is lowered until there has been room for a while.
 */
export class Connections {
  readonly closed: Record<CloseReason, number> = {
    idle: 0,
    slow: 0,
    unread: 0,
    pipelined: 0,
    full: 0,
    files: 0,
  };
  #acceptErrors = 0;
  /** The limit at this moment. */
  #limit: number;
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
  /** Why the limit was lowered. */
  #fault: string | undefined;
  /** When there was last no room, `performance.now()`. */
  #crowdedMs = 0;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#limit = options.limits.maxConnections;
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
      limit: this.#limit,
      full: this.#closedSince !== undefined,
      closed: { ...this.closed },
      acceptErrors: this.#acceptErrors,
    };
  }

  /** Lets a new connection in. */
  open(socket: Socket): void {
    let reserved = false;
    if (this.#all.size - this.#reserved.size >= this.#limit && !this.#makeRoom("idle")) {
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

  /** A connection could not be accepted. */
  failed(reason: string): void {
    this.#acceptErrors += 1;
    this.#lower(reason);
  }

  /** Looks for a free file, and tells when there is room again. To be called now and then. */
  look(): void {
    const reason = this.#options.outOfFiles?.();
    if (reason !== undefined) this.#lower(reason);
    if (this.#closedSince === undefined) return;
    const nowMs = performance.now();
    if (this.#all.size > this.#limit * (1 - ROOM)) this.#crowdedMs = nowMs;
    if (nowMs - this.#crowdedMs < ROOM_MS) return;
    this.#limit = this.#options.limits.maxConnections;
    this.#tell(false);
    this.#closedSince = undefined;
    this.#fault = undefined;
  }

  /** No further connection can be accepted: some that wait for their client are closed, and fewer let in. */
  #lower(reason: string): void {
    this.#limit = Math.min(this.#limit, Math.max(LEAST, this.#all.size - FREED));
    this.#crowdedMs = performance.now();
    if (this.#fault === undefined) {
      this.#fault = reason;
      this.#closedSince ??= 0;
      this.#tell(true);
    }
    while (this.#all.size > this.#limit && this.#makeRoom("files"));
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

  #makeRoom(reason: "idle" | "files"): boolean {
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
        this.cut(connection, reason);
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
    const closed = this.#closedSince ?? 0;
    this.#options.onNews({ full, limit: this.#limit, closed, fault: this.#fault, address, ofAddress });
  }
}
