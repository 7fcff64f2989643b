import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Feed, type ParsingTime } from "./feed.ts";

/** A request and what answers it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The client waits for word before it sends the body. */
  readonly asksFirst: boolean;
}

/** With so many requests waiting, no more is read from a connection. */
const HELD_AT = 4;

export interface ConnectionOwner {
  /** Of all its connections. */
  readonly parsingTime: ParsingTime;
  /** No more is read from the connection for now, or again. */
  holds(connection: Connection, held: boolean): void;
  /** Does something at its turn, now or later. */
  inTurn(begin: () => void): void;
  /** Answers a request. */
  serve(connection: Connection, exchange: Exchange): void;
  /** The connection has no request under way any more. */
  rests(connection: Connection): void;
}

/** A client's connection. Its requests are answered one after the other, also if they arrive together. */
export class Connection {
  readonly socket: Socket;
  /** Of the client. It stays known when the connection is closed. */
  readonly address: string;
  /** The request that is being answered. */
  current: Exchange | undefined;
  /** It has delivered telemetry that was taken. */
  delivered = false;
  /** It was opened beyond the limit: only health and metrics are answered. */
  readonly reserved: boolean;
  readonly #owner: ConnectionOwner;
  readonly #feed: Feed;
  readonly #waiting: Exchange[] = [];
  /** The request that came last. */
  #newest: IncomingMessage | undefined;
  #held = false;
  readonly #atRest: (() => void)[] = [];

  constructor(socket: Socket, reserved: boolean, owner: ConnectionOwner) {
    this.socket = socket;
    this.address = socket.remoteAddress ?? "";
    this.reserved = reserved;
    this.#owner = owner;
    this.#feed = new Feed(socket, owner.parsingTime, () => {
      if (this.#held) return "nothing";
      return this.#newest?.complete === false ? this.#newest : "head";
    });
    socket.once("close", () => {
      this.#waiting.length = 0;
      this.#hold(false);
      this.#tellAnswered();
    });
  }

  /** Requests that wait for the answer to an earlier one. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Takes a request: now, or when those before it are answered. */
  take(exchange: Exchange): void {
    this.#newest = exchange.request;
    if (this.current === undefined) {
      this.#begin(exchange);
      return;
    }
    this.#waiting.push(exchange);
    if (this.#waiting.length < HELD_AT || this.#held) return;
    this.socket.pause();
    this.#hold(true);
  }

  /** Nothing of what follows is read as a request any more. */
  stop(): void {
    this.#feed.stop();
  }

  get isStopped(): boolean {
    return this.#feed.isStopped;
  }

  /** Resolves when every request that has come in whole is answered, or the connection is gone. */
  answered(): Promise<void> {
    const answered = new Promise<void>((resolve) => this.#atRest.push(resolve));
    this.#tellAnswered();
    return answered;
  }

  #tellAnswered(): void {
    // What has not come in whole, is the last.
    if (this.current?.request.complete === true && !this.socket.destroyed) return;
    for (const resolve of this.#atRest.splice(0)) resolve();
  }

  #begin(exchange: Exchange): void {
    this.current = exchange;
    exchange.response.once("close", () => this.#next());
    this.#owner.serve(this, exchange);
  }

  #next(): void {
    this.current = undefined;
    if (this.socket.destroyed) return;
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#owner.rests(this);
    } else {
      if (this.#held && this.#waiting.length < HELD_AT) {
        this.#hold(false);
        this.#feed.goOn();
      }
      this.current = next;
      this.#owner.inTurn(() => {
        if (!this.socket.destroyed) this.#begin(next);
      });
    }
    this.#tellAnswered();
  }

  #hold(held: boolean): void {
    if (this.#held === held) return;
    this.#held = held;
    this.#owner.holds(this, held);
  }
}
