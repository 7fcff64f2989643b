import { lookup as dnsLookup, type LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { request as ask, type Dispatcher } from "undici";
import { addressFault, hostFault, type PrivateAddresses } from "./destination.ts";
import { checkedLookup, createDispatcher, proxiesOf } from "./dispatcher.ts";
import { AddressRefused, reasonOf, withoutSecrets } from "./reason.ts";
import type { Answer, Failure, HttpRequest, Sender, SenderLimits, Sent } from "./send.ts";

export interface SenderOptions {
  /** Default: `dns.lookup`. */
  readonly lookup?: LookupFunction;
  /** For the proxy: `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Longest time for each phase, ms. */
  readonly limits?: Partial<SenderLimits>;
}

const LIMITS: SenderLimits = { connectMs: 5_000, answerMs: 10_000, bodyMs: 5_000 };
const MOST_BODY_BYTES = 65_536;

/**
 * Makes the sender of all channels. What it connects to is checked at the connection: the addresses that a name leads to then, and not
 * what it led to before. A proxy is used if the environment names one (`HTTPS_PROXY`, `HTTP_PROXY`, and `NO_PROXY` for hosts that
 * need none); this machine is never asked through it.
 */
export function createSender(options: SenderOptions = {}): Sender {
  const { lookup = dnsLookup as LookupFunction, env = process.env } = options;
  const limits = { ...LIMITS, ...options.limits };
  const proxies = proxiesOf(env);
  /** By what its connections may lead to, for a connection that one request may use another one may not. */
  const dispatchers = new Map<string, Dispatcher>();
  const closing = new AbortController();

  function dispatcherFor(allowed: PrivateAddresses): Dispatcher {
    const key = JSON.stringify(allowed);
    const dispatcher =
      dispatchers.get(key) ?? createDispatcher(checkedLookup(lookup, allowed), proxies, limits);
    dispatchers.set(key, dispatcher);
    return dispatcher;
  }

  return { send, close };

  async function send(request: HttpRequest, signal: AbortSignal): Promise<Sent> {
    const failure = (reason: string, isPermanent = false): Failure => ({
      kind: "failure",
      reason: withoutSecrets(reason, request.secrets),
      isPermanent,
    });
    const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol))
      return failure("its address is no http or https URL", true);
    const { privateAddresses = [] } = request;
    try {
      const fault = hostFault(url.hostname) ?? (await proxiedFault(url.hostname, privateAddresses));
      if (fault !== undefined) throw new AddressRefused(fault);
      const deadline = AbortSignal.timeout(limits.connectMs + limits.answerMs + limits.bodyMs);
      const { statusCode, headers, body } = await ask(`${url.origin}${url.pathname}${url.search}`, {
        dispatcher: dispatcherFor(privateAddresses),
        method: request.method,
        headers: { ...loginOf(url), ...request.headers },
        body: request.body ?? null,
        headersTimeout: limits.answerMs,
        bodyTimeout: limits.bodyMs,
        signal: AbortSignal.any([signal, closing.signal, deadline]),
      });
      return {
        kind: "answer",
        status: statusCode,
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
        ...(await read(body, limits.bodyMs)),
      };
    } catch (error) {
      if (signal.aborted || closing.signal.aborted) return failure("it was given up");
      return failure(reasonOf(error, url.host, limits), error instanceof AddressRefused);
    }
  }

  /** The proxy looks up names by itself, so what can be looked up here is checked before it is asked. */
  async function proxiedFault(hostname: string, allowed: PrivateAddresses): Promise<string | undefined> {
    if (proxies === undefined) return undefined;
    const addresses = await new Promise<readonly LookupAddress[]>((resolve) =>
      lookup(hostname.replace(/^\[|\]$/g, ""), { all: true }, (error, found) =>
        resolve(error === null && Array.isArray(found) ? found : []),
      ),
    );
    return addressFault(
      hostname,
      addresses.map(({ address }) => address),
      allowed,
    );
  }

  async function close(): Promise<void> {
    closing.abort();
    await Promise.all([...dispatchers.values()].map((one) => one.destroy().catch(() => undefined)));
  }
}

function loginOf({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(login).toString("base64")}` };
}

/** Reads as much of a body as is kept. What comes after it is not waited for. */
async function read(
  body: Dispatcher.ResponseData["body"],
  timeoutMs: number,
): Promise<Pick<Answer, "body" | "isWhole">> {
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
  return { body: Buffer.concat(chunks).subarray(0, MOST_BODY_BYTES).toString(), isWhole };
}
