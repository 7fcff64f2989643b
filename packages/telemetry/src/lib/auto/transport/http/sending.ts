import type { ClientRequest } from "node:http";
import { context } from "@opentelemetry/api";
import { isTracingSuppressed } from "../../../sdk.ts";
import { BoundedBody, bodyText, bytesOf } from "../body-text.ts";
import { isDeliberate } from "../deliberate.ts";
import type { Exchange } from "../exchange.ts";
import { type Following, follow, type Listening } from "../following.ts";
import { urlOf } from "./url.ts";

/** A request that is followed. */
export class Sending {
  readonly following: Following;
  /** What is written until the end; undefined if all of it is known. */
  body: BoundedBody | undefined;
  /** The service was told that nothing came for too long. */
  timedOut = false;
  /** What the service gave to `destroy`, if it called that. */
  givenUp: { readonly error: unknown } | undefined;

  constructor(following: Following, body: BoundedBody | undefined) {
    this.following = following;
    this.body = body;
  }

  /** Why it ended without a whole answer. Node's own error says less than the service's. */
  reason(error: unknown): unknown {
    return this.givenUp?.error ?? error;
  }

  /** Whether the service let go of the request. If a time limit was the reason, the other side was too slow. */
  isDeliberate(error: unknown): boolean {
    if (this.givenUp === undefined) return isDeliberate(error);
    const { error: given } = this.givenUp;
    return given === undefined || given === null ? !this.timedOut : isDeliberate(given);
  }
}

/** Requests from the first that is written of them. */
export class Sendings {
  readonly #listening: Listening;
  /** Undefined: left alone. */
  readonly #requests = new WeakMap<ClientRequest, Sending | undefined>();

  constructor(listening: Listening) {
    this.#listening = listening;
  }

  of(request: ClientRequest): Sending | undefined {
    return this.#requests.get(request);
  }

  /** A part of the body is about to be written, or only the headers. */
  written(request: ClientRequest, part: unknown): void {
    if (!this.#requests.has(request)) this.#start(request, part, isWhole(request, part));
    add(this.of(request)?.body, part);
  }

  /** The last part is about to be written, if there is one. */
  ended(request: ClientRequest, part: unknown): void {
    const last = typeof part === "function" ? undefined : part;
    if (!this.#requests.has(request)) {
      this.#start(request, last, true);
      return;
    }
    const sending = this.of(request);
    if (sending?.body === undefined) return;
    add(sending.body, last);
    sending.following.sent(sending.body.bytes()?.toString("utf8"));
    sending.body = undefined;
  }

  /** The service, or Node, is about to destroy the request. */
  givenUp(request: ClientRequest, error: unknown): void {
    const sending = this.of(request);
    if (sending !== undefined && !request.destroyed) sending.givenUp ??= { error };
  }

  #start(request: ClientRequest, body: unknown, isAll: boolean): void {
    this.#requests.set(request, undefined);
    const within = context.active();
    // What follows an upgrade is no HTTP.
    const isTunnel = request.method === "CONNECT" || request.hasHeader("upgrade");
    if (isTunnel || request.destroyed || isTracingSuppressed(within)) return;
    const exchange: Exchange = {
      transport: "http",
      method: request.method,
      url: urlOf(request),
      body: isAll ? bodyText(body) : undefined,
      bodyKnown: isAll,
      startMs: performance.now(),
      context: within,
    };
    const following = follow(exchange, this.#listening);
    if (following === undefined) return;
    for (const [name, value] of Object.entries(following.headers ?? {}))
      if (!request.headersSent && !request.hasHeader(name)) request.setHeader(name, value);
    this.#requests.set(request, new Sending(following, isAll ? undefined : new BoundedBody()));
  }
}

/** Whether a first part is all of the body, by its length. */
function isWhole(request: ClientRequest, part: unknown): boolean {
  const length = Number(request.getHeader("content-length"));
  return length === (typeof part === "string" ? Buffer.byteLength(part) : bytesOf(part)?.length);
}

function add(body: BoundedBody | undefined, part: unknown): void {
  if (body === undefined) return;
  const bytes = typeof part === "string" ? Buffer.from(part) : bytesOf(part);
  if (bytes !== undefined) body.add(bytes);
}
