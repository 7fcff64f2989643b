import type { Attributes, Context } from "@opentelemetry/api";
import { type CallOutcome, RpcSocket, readAnswer, type VenueHosts } from "@slipstream/venues";
import type { SocketFollower } from "../transport/websocket/socket.ts";
import type { CallParts } from "./call-parts.ts";
import { serverAttributes } from "./http-attributes.ts";
import type { BegunCall, TradeSpans } from "./trade-spans.ts";
import { callSpan, countCall } from "./venue-calls.ts";

/** Calls that wait for their answer. Of more, the oldest counts as given up. */
const MOST = 1_024;
/** The connection broke. */
const BROKEN = 1006;

interface Waiting {
  readonly begun: BegunCall;
  readonly startMs: number;
}

/** The calls and notifications of one WebSocket. What is not Solana's is passed over. */
export class SocketCalls implements SocketFollower {
  readonly #parts: CallParts;
  readonly #trades: TradeSpans;
  /** With each call what is needed at its end. */
  readonly #socket: RpcSocket<Waiting[]>;
  readonly #common: Attributes;
  readonly #waiting = new Set<Waiting>();

  constructor(parts: CallParts, trades: TradeSpans, url: string, hosts: VenueHosts) {
    this.#parts = parts;
    this.#trades = trades;
    this.#socket = new RpcSocket(url, hosts);
    this.#common = { ...serverAttributes(new URL(url)), "network.protocol.name": "websocket" };
  }

  sent(text: string, startMs: number, context: Context): void {
    const carried: Waiting[] = [];
    const { calls, facts } = this.#socket.sent(text, carried);
    for (const call of calls) {
      const waiting = { begun: this.#trades.began(call, startMs, context), startMs };
      carried.push(waiting);
      this.#waiting.add(waiting);
    }
    if (facts.length > 0) this.#trades.noticed(facts);
    for (const oldest of this.#waiting) {
      if (this.#waiting.size <= MOST) break;
      this.#lost(oldest, undefined);
    }
  }

  received(text: string): void {
    for (const event of this.#socket.received(text)) {
      if (event.kind === "noticed") {
        this.#trades.noticed(event.facts);
        continue;
      }
      const waiting = event.carried.find(({ begun }) => begun.call === event.call);
      if (waiting !== undefined) this.#end(waiting, event.outcome, undefined, false);
    }
  }

  closed(code: number): void {
    const facts = this.#socket.closed();
    if (facts.length > 0) this.#trades.noticed(facts);
    for (const waiting of this.#waiting)
      this.#lost(waiting, code === BROKEN ? "connection_closed" : undefined);
  }

  /** @param failure undefined: the service no longer waits for it */
  #lost(waiting: Waiting, failure: string | undefined): void {
    const [outcome] = readAnswer([waiting.begun.call], {});
    if (outcome !== undefined) this.#end(waiting, outcome, failure, failure === undefined);
  }

  #end(waiting: Waiting, outcome: CallOutcome, failure: string | undefined, aborted: boolean): void {
    if (!this.#waiting.delete(waiting)) return;
    const { begun, startMs } = waiting;
    const endMs = performance.now();
    const span = callSpan(begun.call, outcome, this.#common, { startMs, endMs, failure, aborted });
    if (!aborted) countCall(this.#parts, begun.call, endMs - startMs);
    this.#trades.ended(begun, outcome, endMs, span);
  }
}
