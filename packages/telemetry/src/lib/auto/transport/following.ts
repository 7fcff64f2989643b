import { setInterval } from "node:timers";
import type { Exchange, ExchangeObserver, Follower, Header } from "./exchange.ts";
import type { Guard } from "./guard.ts";

/** What the transports have in common: who is told of requests, and who gets the errors of telling. */
export interface Listening {
  readonly observer: ExchangeObserver;
  readonly guard: Guard;
  readonly unread: UnreadAnswers;
}

/** An answer that nobody reads is ended this long after its headers, or after the last that was read of it. */
const UNREAD_MS = 5_000;

/** Follows one request to its end, whatever order things are told in. Its methods never throw. */
export class Following {
  readonly #follower: Follower;
  readonly #listening: Listening;
  #answered = false;
  #done = false;
  /** When the headers came, monotonic, ms. */
  #answeredMs = 0;
  /** When something of it was last seen. */
  #seenMs = 0;
  /** Whether somebody is reading the body, or waits for more of it. */
  #isRead: () => boolean = () => false;

  constructor(follower: Follower, listening: Listening) {
    this.#follower = follower;
    this.#listening = listening;
  }

  get isAnswered(): boolean {
    return this.#answered;
  }

  get done(): boolean {
    return this.#done;
  }

  get headers(): Follower["headers"] {
    return this.#follower.headers;
  }

  get wantsBody(): boolean {
    return !this.#done && this.#follower.wantsBody;
  }

  sent(body: string | undefined): void {
    if (this.#done || this.#answered) return;
    try {
      this.#follower.sent?.(body);
    } catch (error) {
      this.#listening.guard.caught(error);
    }
  }

  /** The headers have come. `isRead`: whether somebody reads the body; if nobody does, it is over some seconds later. */
  answered(status: number, header: Header, isRead: () => boolean): void {
    if (this.#done || this.#answered) return;
    this.#answered = true;
    this.#isRead = isRead;
    const atMs = performance.now();
    this.#answeredMs = atMs;
    this.#seenMs = atMs;
    try {
      this.#follower.answered(status, atMs, header);
    } catch (error) {
      this.#listening.guard.caught(error);
    }
    this.#listening.unread.add(this);
  }

  /** Something of the body was read. */
  seen(): void {
    this.#seenMs = performance.now();
  }

  ended(body: unknown, atMs: number = performance.now()): void {
    if (!this.#finish()) return;
    try {
      this.#follower.ended(body, atMs);
    } catch (error) {
      this.#listening.guard.caught(error);
    }
  }

  failed(error: unknown, aborted: boolean, atMs: number = performance.now()): void {
    if (!this.#finish()) return;
    try {
      this.#follower.failed(error, atMs, aborted);
    } catch (caught) {
      this.#listening.guard.caught(caught);
    }
  }

  /** Ends it as of its headers if nobody reads it. */
  expire(nowMs: number): void {
    if (nowMs - this.#seenMs >= UNREAD_MS && !this.#isRead()) this.end();
  }

  /** Ends it as of its headers. */
  end(): void {
    this.ended(undefined, this.#answeredMs);
  }

  #finish(): boolean {
    if (this.#done) return false;
    this.#done = true;
    if (this.#answered) this.#listening.unread.delete(this);
    return true;
  }
}

/** Begins to follow a request. Undefined if nobody wants to, or it cannot be followed. Never throws. */
export function follow(exchange: Exchange, listening: Listening): Following | undefined {
  try {
    const follower = listening.observer.started(exchange);
    return follower === undefined ? undefined : new Following(follower, listening);
  } catch (error) {
    listening.guard.caught(error);
    return undefined;
  }
}

const SWEEP_MS = 1_000;
/** Of more, the oldest is ended as of its headers. */
const MOST_UNREAD = 10_000;

/** Answers whose body has not ended. Some never do, because nobody reads them. */
export class UnreadAnswers {
  readonly #answers = new Set<Following>();
  #timer: NodeJS.Timeout | undefined;

  add(answer: Following): void {
    this.#answers.add(answer);
    if (this.#answers.size > MOST_UNREAD) {
      const [oldest] = this.#answers;
      oldest?.end();
    }
    // It keeps no process alive.
    this.#timer ??= setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  delete(answer: Following): void {
    this.#answers.delete(answer);
  }

  /** Ends all of them now: the process is about to exit. */
  settle(): void {
    for (const answer of this.#answers) answer.end();
  }

  #sweep(): void {
    const nowMs = performance.now();
    for (const answer of this.#answers) answer.expire(nowMs);
    if (this.#answers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
