import { lookup as dnsLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { percentDecoded } from "@slipstream/conventions";
import { Agent, type buildConnector, type Dispatcher } from "undici";
import { checkedLookup, lookedUp } from "./checked-lookup.ts";
import { addressFault, hostFault, type PrivateAddresses } from "./destination.ts";
import { bareHost, basic, proxyFor, proxyHeaders, tunnelThrough } from "./proxy.ts";
import { NotAsked, reasonOf, TooSlow, withoutSecrets } from "./reason.ts";
import type { Answer, HttpRequest, Sender, SenderLimits, Sent } from "./send.ts";

export interface SenderOptions {
  /** Default: `dns.lookup`. */
  readonly lookup?: LookupFunction;
  /** For the proxy: `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`, in upper or lower case. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Longest time for each phase, ms. */
  readonly limits?: Partial<SenderLimits>;
}

const LIMITS: SenderLimits = { connectMs: 5_000, answerMs: 10_000, bodyMs: 5_000 };
const MOST_BODY_BYTES = 65_536;

/** How a URL is asked: by connections of an agent, and through a proxy or not. */
interface Route {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Makes the sender of all channels. What it connects to is checked at the connection: the addresses that a name leads to then, and not
 * what it led to before. A proxy is used if the environment names one.
 */
export function createSender(options: SenderOptions = {}): Sender {
  const { lookup = dnsLookup as LookupFunction, env = process.env } = options;
  const limits = { ...LIMITS, ...options.limits };
  /** By what their connections may lead to: a connection that one request may use, another one may not. */
  const agents = new Map<string, Agent>();
  const closing = new AbortController();

  return { send, close };

  async function send(request: HttpRequest, signal: AbortSignal): Promise<Sent> {
    const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
    const ending = AbortSignal.any([signal, closing.signal]);
    try {
      if (url === undefined || !/^https?:$/.test(url.protocol))
        throw new NotAsked("its address is no http or https URL");
      return await within(ending, limits.connectMs + limits.answerMs + limits.bodyMs, (ended) =>
        ask(url, request, ended),
      );
    } catch (error) {
      const reason = ending.aborted ? "it was given up" : reasonOf(error, url?.host ?? "", limits);
      return {
        kind: "failure",
        reason: withoutSecrets(reason, request.secrets),
        isPermanent: error instanceof NotAsked && !ending.aborted,
      };
    }
  }

  async function ask(url: URL, request: HttpRequest, signal: AbortSignal): Promise<Answer> {
    const fault = hostFault(url.hostname);
    if (fault !== undefined) throw new NotAsked(fault);
    const { dispatcher, origin, path, headers } = await routeTo(url, request.privateAddresses ?? []);
    signal.throwIfAborted();
    const answer = await dispatcher.request({
      origin,
      path,
      method: request.method,
      headers: { ...loginOf(url), ...request.headers, ...headers },
      body: request.body ?? null,
      headersTimeout: limits.answerMs,
      bodyTimeout: limits.bodyMs,
      signal,
    });
    return {
      kind: "answer",
      status: answer.statusCode,
      headers: Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
      ),
      ...(await read(answer.body, limits.bodyMs)),
    };
  }

  async function routeTo(url: URL, allowed: PrivateAddresses): Promise<Route> {
    const path = `${url.pathname}${url.search}`;
    const { origin } = url;
    const proxy = proxyFor(url, env);
    if (proxy === undefined) {
      const connect = { lookup: checkedLookup(lookup, allowed), timeout: limits.connectMs };
      return { dispatcher: agentFor(JSON.stringify(allowed), connect), origin, path, headers: {} };
    }
    // The proxy looks the name up by itself. What it leads to here is all that can be checked.
    const host = bareHost(url);
    const ofProxy = hostFault(proxy.hostname);
    if (ofProxy !== undefined) throw new NotAsked(`because of the proxy, ${proxy.host}: ${ofProxy}`);
    const fault = addressFault(host, await lookedUp(lookup, host), allowed);
    if (fault !== undefined) throw new NotAsked(fault);
    const toProxy = checkedLookup(lookup, "any");
    if (url.protocol === "https:") {
      const dispatcher = agentFor(`tunnel ${proxy.href}`, tunnelThrough(proxy, toProxy, limits));
      return { dispatcher, origin, path, headers: {} };
    }
    return {
      dispatcher: agentFor("proxy", { lookup: toProxy, timeout: limits.connectMs }),
      origin: proxy.origin,
      path: `${origin}${path}`,
      headers: { host: url.host, ...proxyHeaders(proxy) },
    };
  }

  function agentFor(key: string, connect: buildConnector.BuildOptions | buildConnector.connector): Agent {
    const agent = agents.get(key) ?? new Agent({ connect });
    agents.set(key, agent);
    return agent;
  }

  async function close(): Promise<void> {
    closing.abort();
    await Promise.all([...agents.values()].map((agent) => agent.destroy().catch(() => undefined)));
  }
}

/** Ends work that takes longer than all its phases may, also while a name is looked up, which nothing else ends. */
async function within<T>(
  ending: AbortSignal,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new TooSlow("no answer from")), timeoutMs);
  const signal = AbortSignal.any([ending, late.signal]);
  try {
    return await new Promise<T>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      signal.throwIfAborted();
      work(signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
  }
}

function loginOf({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  return { authorization: basic(percentDecoded(username), percentDecoded(password)) };
}

/** Reads as much of a body as is kept. What comes after it is not waited for. */
async function read(
  body: Dispatcher.ResponseData["body"],
  timeoutMs: number,
): Promise<Pick<Answer, "body" | "bytes" | "isWhole">> {
  const chunks: Buffer[] = [];
  let length = 0;
  const late = setTimeout(() => body.destroy(new Error("The answer did not end in time.")), timeoutMs);
  let isWhole = false;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MOST_BODY_BYTES) break;
    }
    isWhole = length <= MOST_BODY_BYTES;
  } catch {
    // The status has come, and says what became of the request.
  } finally {
    clearTimeout(late);
  }
  const bytes = Buffer.concat(chunks).subarray(0, MOST_BODY_BYTES);
  return { body: bytes.toString(), bytes, isWhole };
}
