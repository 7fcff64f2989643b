import { commitmentText } from "../chain/names.ts";
import type { Commitment, TradeFact } from "../facts.ts";
import { field, isObject, list, parsed, whole } from "../json.ts";
import { requestId } from "../json-rpc/read-calls.ts";
import { statusOf } from "../json-rpc/read-result.ts";
import { readAnswer } from "../read-answer.ts";
import { readRequest } from "../read-request.ts";
import { Recent } from "../recent.ts";
import type { CallOutcome, VenueHosts } from "../venue.ts";
import type { RpcCall, VenueCall } from "../venue-call.ts";

/** Calls that wait for their answer, and signatures that are subscribed to. The oldest is forgotten. */
const MOST = 1_024;
const LONGEST_PARSED = 262_144;
/** Characters in which a message says whether it is a notification. */
const HEAD = 256;
const NOTIFICATION = "signatureNotification";

/** What came over a socket. */
export type SocketEvent<Carried> =
  | {
      readonly kind: "answered";
      readonly call: VenueCall;
      /** What was handed in when it was sent. */
      readonly carried: Carried;
      readonly outcome: CallOutcome;
    }
  | { readonly kind: "noticed"; readonly facts: readonly TradeFact[] };

interface Subscription {
  readonly signature: string;
  readonly commitment: Commitment;
}

/**
 * Calls and notifications of JSON-RPC over one WebSocket. Ids of requests and of subscriptions hold for one socket only: after a reconnect
 * there is another of these. What is no call of Solana's, such as a ping, is passed over, and so are notifications of anything but
 * signatures: those come by the thousand, and are not even parsed. Never throws.
 */
export class RpcSocket<Carried> {
  readonly #url: URL | string;
  readonly #hosts: VenueHosts;
  readonly #pending = new Recent<string, { readonly call: VenueCall; readonly carried: Carried }>(MOST);
  readonly #subscriptions = new Recent<number, Subscription>(MOST);

  constructor(url: URL | string, hosts: VenueHosts) {
    this.#url = httpUrl(url);
    this.#hosts = hosts;
  }

  /** The calls of a text that the service sends; they are answered later, or never. */
  sent(
    text: string,
    carried: Carried,
  ): { readonly calls: readonly VenueCall[]; readonly facts: readonly TradeFact[] } {
    const calls = readRequest({ method: "POST", url: this.#url, body: text }, this.#hosts);
    for (const call of calls) {
      if (call.kind === "jupiter" || call.id === undefined) continue;
      this.#pending.set(String(call.id), { call, carried });
    }
    const ends = calls.some((call) => call.kind === "rpc" && call.method === "signatureUnsubscribe");
    return { calls, facts: ends ? this.#unsubscribed(parsed(text)) : [] };
  }

  /** @param message its text, or the value of its JSON */
  received(message: unknown): readonly SocketEvent<Carried>[] {
    try {
      return this.#read(message);
    } catch {
      return [];
    }
  }

  /** The socket is gone: nothing more is heard of its signatures. */
  closed(): readonly TradeFact[] {
    const facts = [...this.#subscriptions.values()].map(({ signature }) => over(signature));
    this.#subscriptions.clear();
    this.#pending.clear();
    return facts;
  }

  #read(message: unknown): readonly SocketEvent<Carried>[] {
    const value = typeof message === "string" ? worthReading(message) : message;
    return (list(value) ?? [value]).slice(0, MOST).flatMap((each) => {
      if (!isObject(each)) return [];
      return Object.hasOwn(each, "method") ? this.#notified(each) : this.#answered(each);
    });
  }

  #answered(answer: unknown): readonly SocketEvent<Carried>[] {
    const id = String(requestId(field(answer, "id")));
    const waiting = this.#pending.get(id);
    if (waiting === undefined) return [];
    this.#pending.delete(id);
    const { call, carried } = waiting;
    const [outcome] = readAnswer([call], { body: answer });
    if (outcome === undefined) return [];
    if (call.kind === "rpc" && outcome.ok === true) this.#subscribed(call, field(answer, "result"));
    return [{ kind: "answered", call, carried, outcome }];
  }

  #subscribed(call: RpcCall, result: unknown): void {
    const subscription = whole(result);
    const [signature] = call.watched;
    if (call.method !== "signatureSubscribe" || subscription === undefined || signature === undefined) return;
    this.#subscriptions.set(subscription, {
      signature,
      commitment: commitmentText(call.commitment) ?? "finalized",
    });
  }

  #unsubscribed(request: unknown): readonly TradeFact[] {
    return (list(request) ?? [request]).slice(0, MOST).flatMap((each) => {
      const subscription = whole(list(field(each, "params"))?.[0]);
      const found = subscription === undefined ? undefined : this.#subscriptions.get(subscription);
      if (found === undefined || subscription === undefined) return [];
      this.#subscriptions.delete(subscription);
      return [over(found.signature)];
    });
  }

  #notified(notification: unknown): readonly SocketEvent<Carried>[] {
    if (field(notification, "method") !== NOTIFICATION) return [];
    const params = field(notification, "params");
    const subscription = this.#subscriptions.get(whole(field(params, "subscription")) ?? -1);
    const [value, context] = ["value", "context"].map((name) => field(field(params, "result"), name));
    // A text says that the node has received the transaction, no more.
    if (subscription === undefined || !isObject(value)) return [];
    const { signature, commitment } = subscription;
    const said = { err: value.err, slot: field(context, "slot") };
    return [{ kind: "noticed", facts: [statusOf(signature, said, commitment)] }];
  }
}

function over(signature: string): TradeFact {
  return { kind: "watching", signature, isOver: true };
}

/** The value of a text; undefined if it is a notification of something else. */
function worthReading(text: string): unknown {
  const head = text.slice(0, HEAD);
  if (text.length > LONGEST_PARSED || (head.includes('"method"') && !head.includes(NOTIFICATION)))
    return undefined;
  return parsed(text);
}

function httpUrl(url: URL | string): string {
  return String(url).replace(/^ws/, "http");
}
