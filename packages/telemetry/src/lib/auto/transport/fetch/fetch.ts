import { context } from "@opentelemetry/api";
import { isTracingSuppressed } from "../../../sdk.ts";
import { bodyText } from "../body-text.ts";
import { isDeliberate } from "../deliberate.ts";
import type { Exchange } from "../exchange.ts";
import { follow, type Listening } from "../following.ts";
import type { Answers } from "./answers.ts";
import { withHeaders } from "./headers.ts";

type Fetch = typeof globalThis.fetch;
type Init = Parameters<Fetch>[1];

/**
 * Follows what is sent by `globalThis.fetch`, whichever of its forms a service captures from now on. Returns a function that restores
 * it, unless it has been replaced since.
 */
export function followFetch(listening: Listening, answers: Answers): () => void {
  const property = Object.getOwnPropertyDescriptor(globalThis, "fetch");
  const original: unknown = property?.value;
  if (property === undefined || typeof original !== "function") return () => {};
  const followed = wrapped(original as Fetch, listening, answers);
  Object.defineProperty(followed, "name", { value: original.name, configurable: true });
  Object.defineProperty(followed, "length", { value: original.length, configurable: true });
  Object.defineProperty(globalThis, "fetch", { ...property, value: followed });
  return () => {
    if (globalThis.fetch === followed) Object.defineProperty(globalThis, "fetch", property);
  };
}

function wrapped(original: Fetch, listening: Listening, answers: Answers): Fetch {
  return function fetch(this: unknown, ...args: Parameters<Fetch>): Promise<Response> {
    const [input, init] = args;
    const exchange = exchangeOf(input, init, listening);
    const following = exchange === undefined ? undefined : follow(exchange, listening);
    if (following === undefined) return Reflect.apply(original, this, args);
    const { headers } = following;
    let answer: Promise<Response>;
    try {
      answer = Reflect.apply(original, this, headers === undefined ? args : withHeaders(args, headers));
    } catch (error) {
      following.failed(error, false);
      throw error;
    }
    if (!(answer instanceof Promise)) {
      following.ended(undefined);
      return answer;
    }
    return answer.then(
      (response) => {
        answers.follow(response, following, signalOf(input, init));
        return response;
      },
      (error: unknown) => {
        following.failed(error, isDeliberate(error, signalOf(input, init)));
        throw error;
      },
    );
  };
}

/** Undefined if it is not observed, or cannot be read without a side effect. */
function exchangeOf(input: unknown, init: Init, { guard }: Listening): Exchange | undefined {
  try {
    const within = context.active();
    if (isTracingSuppressed(within)) return undefined;
    const common = { transport: "fetch", startMs: performance.now(), context: within } as const;
    if (typeof input === "string" || input instanceof URL) {
      const { method, body } = init ?? {};
      const url = typeof input === "string" ? input : input.href;
      return { ...common, method: methodOf(method), url, body: bodyText(body), bodyKnown: !isStream(body) };
    }
    if (!(input instanceof Request)) return undefined;
    const { method = input.method, body = input.body } = init ?? {};
    const { url } = input;
    return { ...common, method: methodOf(method), url, body: bodyText(body), bodyKnown: !isStream(body) };
  } catch (error) {
    guard.caught(error);
    return undefined;
  }
}

/** Whether a body may be anything, and is only known as it is sent. */
function isStream(body: unknown): boolean {
  return typeof body === "object" && body !== null && (body instanceof Blob || Symbol.asyncIterator in body);
}

/** As fetch sends it: the usual methods in capital letters, any other as it is. */
function methodOf(method: unknown): string {
  if (typeof method !== "string") return "GET";
  const upper = method.toUpperCase();
  return USUAL.has(upper) ? upper : method;
}

const USUAL: ReadonlySet<string> = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]);

/** What the service can abort a request with. */
function signalOf(input: unknown, init: Init): AbortSignal | undefined {
  try {
    const signal: unknown = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    return signal instanceof AbortSignal ? signal : undefined;
  } catch {
    return undefined;
  }
}
