import type { Agent, IncomingMessage, RequestOptions } from "node:http";
import { request as requestHttps, Agent as TlsAgent } from "node:https";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { readPartialSuccess } from "@slipstream/otlp/encode";
import { http } from "../node-http.ts";
import { isUnauthorized, isUnavailable, type Outcome, retryAfterMs } from "./outcome.ts";

const LARGEST_ANSWER_BYTES = 2 ** 16;
const compress = promisify(gzip);

/** Where requests are sent to, and how. */
export interface RequestSettings {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: "gzip" | "none";
  readonly requestTimeoutMs: number;
}

export type Signal = "traces" | "metrics";

export type SignalSettings = Readonly<Record<Signal, RequestSettings>>;

/**
 * Posts OTLP bodies over keep-alive connections, one per signal. Its sockets and timers do not keep the
 * process alive: callers that wait for an answer must do so.
 */
export class HttpSender {
  readonly #settings: SignalSettings;
  /** By protocol. */
  readonly #agents: Map<string, Agent> = new Map();

  constructor(settings: SignalSettings) {
    this.#settings = settings;
  }

  /** Never rejects. */
  async send(signal: Signal, body: Uint8Array): Promise<Outcome> {
    const startMs = performance.now();
    try {
      const settings = this.#settings[signal];
      const sent = settings.compression === "gzip" ? await compress(body) : body;
      return await this.#post(sent, settings);
    } catch (error) {
      return { kind: "failed", message: networkMessage(error), tookMs: performance.now() - startMs };
    }
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #agentFor(protocol: string): Agent {
    let agent = this.#agents.get(protocol);
    if (agent === undefined) {
      agent = new (protocol === "https:" ? TlsAgent : http.Agent)({ keepAlive: true, maxSockets: 2 });
      this.#agents.set(protocol, agent);
    }
    return agent;
  }

  #post(body: Uint8Array, settings: RequestSettings): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const { url, headers, compression, requestTimeoutMs: timeoutMs } = settings;
      const options: RequestOptions = {
        method: "POST",
        agent: this.#agentFor(url.protocol),
        headers: requestHeaders(headers, compression, body.length),
      };
      const request = (url.protocol === "https:" ? requestHttps : http.request)(url, options);
      // For the whole request: the `timeout` of node:http only covers idle time.
      const timer = setTimeout(() => {
        request.destroy(new Error(`no answer within ${timeoutMs} ms`));
      }, timeoutMs);
      timer.unref();
      request.on("socket", (socket) => socket.unref());
      request.on("error", (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        // The receiver closed an idle connection at that moment, which is not a failure.
        if (request.reusedSocket && error.code === "ECONNRESET")
          this.#post(body, settings).then(resolve, reject);
        else reject(error);
      });
      request.on("response", (response) => {
        readAnswer(response, url)
          .then(resolve, reject)
          .finally(() => clearTimeout(timer));
      });
      request.end(body);
    });
  }
}

/** `{endpoint}/v1/{signal}`; the endpoint's query is kept. */
export function signalUrl(endpoint: string, signal: Signal): URL {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/v1/${signal}`;
  return url;
}

export function requestHeaders(
  headers: Readonly<Record<string, string>>,
  compression: "gzip" | "none",
  length: number,
): Record<string, string> {
  return {
    "user-agent": "slipstream-telemetry",
    ...headers,
    "content-type": "application/x-protobuf",
    "content-length": String(length),
    ...(compression === "gzip" ? { "content-encoding": "gzip" } : {}),
  };
}

async function readAnswer(response: IncomingMessage, url: URL): Promise<Outcome> {
  const status = response.statusCode ?? 0;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    // The rest is read anyway, so that the connection can be reused.
    if (size <= LARGEST_ANSWER_BYTES) chunks.push(chunk);
    size += chunk.length;
  }
  if (status >= 200 && status < 300) {
    const { rejected, message } = readPartialSuccess(Buffer.concat(chunks));
    return { kind: "delivered", rejected, message };
  }
  const { statusMessage = "", headers } = response;
  const answered = `the receiver answered ${status} ${statusMessage}`.trimEnd();
  const advice = adviceOn(status, url);
  const message = advice === "" ? answered : `${answered}: ${advice}`;
  const unavailable = isUnavailable(status);
  if (!unavailable && !isUnauthorized(status)) return { kind: "refused", message, status };
  const afterMs = retryAfterMs(headers["retry-after"], Date.now());
  return {
    kind: "failed",
    message,
    ...(unavailable ? {} : { status }),
    ...(afterMs === undefined ? {} : { afterMs }),
  };
}

function adviceOn(status: number, { pathname }: URL): string {
  if (status === 401) return "check the token (SLIPSTREAM_TOKEN)";
  if (status === 403) return "check the token (SLIPSTREAM_TOKEN), and the host names that it answers to";
  if (status === 404) {
    return `it takes nothing at ${pathname}. Is the endpoint right? It is the base URL, without /v1/traces`;
  }
  if (status === 413) return "it takes only smaller requests (maxBodyBytes of an aggregator)";
  return "";
}

function networkMessage(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return networkMessage(error.errors.at(-1));
  return error instanceof Error ? error.message : String(error);
}
