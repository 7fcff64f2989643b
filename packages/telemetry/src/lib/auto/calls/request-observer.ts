import { HostSet, jupiterHosts, keyInPathHosts, landingServices } from "@slipstream/conventions";
import { readRequest, type VenueCall, type VenueHosts } from "@slipstream/venues";
import type { Exchange, ExchangeObserver, Follower, Header } from "../transport/exchange.ts";
import type { SocketFollower, SocketObserver } from "../transport/websocket/socket.ts";
import type { CallParts } from "./call-parts.ts";
import { HttpSpan } from "./http-span.ts";
import { SocketCalls } from "./socket-calls.ts";
import { TradeSpans } from "./trade-spans.ts";
import { VenueCalls } from "./venue-calls.ts";

/** Hosts that were seen to be a node, Jupiter or a landing service. Of more, none is remembered. */
const MOST_HOSTS = 1_000;
const JSON_RPC = /^\s*[[{][\s\S]{0,512}?"jsonrpc"\s*:/;
const WITHOUT_BODY: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Makes a span of each request: of a call of a node, of Jupiter or of a landing service, or else one of HTTP. Only the latter carries a trace
 * header: the others' services are strict about what they take.
 */
export class RequestObserver implements ExchangeObserver, SocketObserver {
  readonly #parts: CallParts;
  readonly #trades: TradeSpans;
  readonly #hosts: VenueHosts;
  readonly #venues: HostSet;
  readonly #seen = new Set<string>();

  constructor(parts: CallParts, hosts: VenueHosts) {
    this.#parts = parts;
    this.#trades = new TradeSpans(parts);
    this.#hosts = hosts;
    this.#venues = new HostSet([
      ...jupiterHosts,
      ...hosts.jupiter,
      ...hosts.jito,
      ...landingServices.flatMap(({ hosts }) => hosts),
      ...Object.values(hosts.landing ?? {}).flat(),
      // Providers of nodes.
      ...keyInPathHosts.flatMap((host) => [host, `*.${host}`]),
    ]);
  }

  /** Ends all trades with what is known of them: the process is about to exit. */
  settle(): void {
    this.#trades.settle();
  }

  started(exchange: Exchange): Follower | undefined {
    if (!URL.canParse(exchange.url)) return undefined;
    const url = new URL(exchange.url);
    if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
    if (!exchange.bodyKnown && !WITHOUT_BODY.has(exchange.method))
      return new LateBody((body) => this.#follower(exchange, url, body, false));
    return this.#follower(exchange, url, exchange.body, true);
  }

  opened(url: string): SocketFollower {
    return new SocketCalls(this.#parts, this.#trades, url, this.#hosts);
  }

  #follower(exchange: Exchange, url: URL, body: string | undefined, mayAdd: boolean): Follower {
    const calls = readRequest({ method: exchange.method, url, body }, this.#hosts);
    // A method that is not known, too.
    const isVenue = calls.length > 0 || (body !== undefined && JSON_RPC.test(body));
    if (isVenue && this.#seen.size < MOST_HOSTS) this.#seen.add(url.host);
    if (hasSpan(calls)) return new VenueCalls(this.#parts, this.#trades, exchange, url, calls);
    const isAtVenue = isVenue || this.#seen.has(url.host) || this.#venues.has(hostOf(url));
    const options = { calls, isAtVenue, addsHeader: mayAdd && !isAtVenue };
    return new HttpSpan(this.#parts, this.#trades, exchange, url, options);
  }
}

function hasSpan(calls: readonly VenueCall[]): boolean {
  return calls.some(({ span }) => span !== undefined);
}

function hostOf({ hostname, port }: URL): { readonly host: string; readonly port: string } {
  return { host: hostname, port };
}

/** Follows a request whose body is known when all of it is sent, or not at all: only then can it be told what it is. */
class LateBody implements Follower {
  readonly headers = undefined;
  readonly #follow: (body: string | undefined) => Follower;
  #follower: Follower | undefined;

  constructor(follow: (body: string | undefined) => Follower) {
    this.#follow = follow;
  }

  get wantsBody(): boolean {
    return this.#follower?.wantsBody ?? true;
  }

  sent(body: string | undefined): void {
    this.#follower ??= this.#follow(body);
  }

  answered(status: number, atMs: number, header: Header): void {
    this.#known().answered(status, atMs, header);
  }

  ended(body: unknown, atMs: number): void {
    this.#known().ended(body, atMs);
  }

  failed(error: unknown, atMs: number, aborted: boolean): void {
    this.#known().failed(error, atMs, aborted);
  }

  #known(): Follower {
    this.#follower ??= this.#follow(undefined);
    return this.#follower;
  }
}
