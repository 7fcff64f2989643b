import { type Context, context } from "@opentelemetry/api";
import { isTracingSuppressed } from "../../../sdk.ts";
import { bodyText } from "../body-text.ts";
import type { Guard } from "../guard.ts";

/** Gets every WebSocket that a service sends something over. */
export interface SocketObserver {
  /** Called before the first text is sent. `url` has its secrets, and is never exported as it is. */
  opened(url: string): SocketFollower;
}

/** Follows one socket. Errors reach nobody but the guard. Times are monotonic, ms. */
export interface SocketFollower {
  sent(text: string, startMs: number, context: Context): void;
  received(text: string): void;
  /** `code`: why it was closed, by the protocol; 1006: the connection broke. */
  closed(code: number): void;
}

/** The sockets of one implementation, from their first text on. */
export class Sockets {
  readonly #observer: SocketObserver;
  readonly #guard: Guard;
  readonly #followers = new WeakMap<object, SocketFollower>();

  constructor(observer: SocketObserver, guard: Guard) {
    this.#observer = observer;
    this.#guard = guard;
  }

  /** `begin` is called for the first text of a socket. Never throws. */
  sent(socket: object, data: unknown, begin: () => void = () => {}): void {
    try {
      const within = context.active();
      if (isTracingSuppressed(within)) return;
      let follower = this.#followers.get(socket);
      const url = follower === undefined ? urlOf(socket) : "";
      if (follower === undefined && url === "") return;
      const text = bodyText(data);
      if (text === undefined) return;
      if (follower === undefined) {
        follower = this.#observer.opened(url);
        this.#followers.set(socket, follower);
        begin();
      }
      follower.sent(text, performance.now(), within);
    } catch (error) {
      this.#guard.caught(error);
    }
  }

  received(socket: object, data: unknown): void {
    try {
      const follower = this.#followers.get(socket);
      const text = follower === undefined ? undefined : bodyText(data);
      if (text !== undefined) follower?.received(text);
    } catch (error) {
      this.#guard.caught(error);
    }
  }

  closed(socket: object, code: unknown): void {
    try {
      this.#followers.get(socket)?.closed(typeof code === "number" ? code : 1006);
      this.#followers.delete(socket);
    } catch (error) {
      this.#guard.caught(error);
    }
  }
}

/** Empty for a server's sockets, which have none. */
function urlOf(socket: object): string {
  const url: unknown = Reflect.get(socket, "url");
  return typeof url === "string" && /^wss?:/i.test(url) ? url : "";
}
