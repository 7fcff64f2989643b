import { Agent, request } from "node:http";
import { request as tlsRequest } from "node:https";

export type CallErrorKind = "network" | "timeout" | "stopped" | "http" | "rpc" | "shape";

/** A call without an answer, or with one that cannot be used. */
export class CallError extends Error {
  readonly kind: CallErrorKind;
  /** HTTP status, or JSON-RPC error code. */
  readonly code: number | undefined;

  constructor(kind: CallErrorKind, message: string, code?: number) {
    super(message);
    this.kind = kind;
    this.code = code;
  }
}

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly body?: string;
  readonly contentType?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface HttpClientOptions {
  readonly agent?: Agent;
  readonly headers?: Readonly<Record<string, string>>;
}

/** HTTP over keep-alive connections, with a timeout for each call. Close it at the end. */
export class HttpClient {
  readonly #agent: Agent;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;
  readonly #stopped: AbortSignal;

  /** @param own an agent that others use too, and headers of every request */
  constructor(
    timeoutMs: number,
    stopped: AbortSignal,
    { agent = new Agent({ keepAlive: true }), headers = {} }: HttpClientOptions = {},
  ) {
    this.#agent = agent;
    this.#headers = headers;
    this.#timeoutMs = timeoutMs;
    this.#stopped = stopped;
  }

  /** Number of open connections, in use or idle. */
  get connections(): number {
    return openSockets(this.#agent);
  }

  /** Resolves to any answer of the server. Rejects with a CallError if there is none. */
  send({ method, url, body, contentType = "application/json" }: HttpRequest): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const send = url.startsWith("https:") ? tlsRequest : request;
      const call = send(url, { method, agent: this.#agent, headers: this.#headers });
      const fail = (kind: CallErrorKind, message: string): void => {
        settle();
        call.destroy();
        reject(new CallError(kind, message));
      };
      const stop = (): void => fail("stopped", "the desk is stopping");
      const timer = setTimeout(() => fail("timeout", `no answer in ${this.#timeoutMs} ms`), this.#timeoutMs);
      const settle = (): void => {
        clearTimeout(timer);
        this.#stopped.removeEventListener("abort", stop);
      };
      call.on("error", (error) => fail("network", error.message));
      if (this.#stopped.aborted) {
        stop();
        return;
      }
      this.#stopped.addEventListener("abort", stop, { once: true });
      call.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", (error) => fail("network", error.message));
        response.on("end", () => {
          settle();
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      });
      if (body !== undefined) call.setHeader("content-type", contentType);
      call.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Number of an agent's open connections, in use or idle. */
export function openSockets({ sockets, freeSockets }: Agent): number {
  return count(sockets) + count(freeSockets);
}

function count(sockets: NodeJS.ReadOnlyDict<readonly unknown[]>): number {
  return Object.values(sockets).reduce((sum, list) => sum + (list?.length ?? 0), 0);
}
