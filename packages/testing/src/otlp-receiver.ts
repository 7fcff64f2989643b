import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import {
  type DecodedMetric,
  type DecodedSpan,
  decodeMetricsRequest,
  decodeTracesRequest,
  type KeyValue,
  plain,
} from "./otlp-requests.ts";

export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array;
  /** Take the request and never answer. */
  readonly hang?: boolean;
  /** Break the connection. */
  readonly reset?: boolean;
}

/** A real OTLP/HTTP receiver on loopback that keeps what it accepted. */
export class Receiver implements AsyncDisposable {
  readonly spans: DecodedSpan[] = [];
  /** The bodies of the accepted requests, not compressed. */
  readonly bodies: Buffer[] = [];
  /** Spans per accepted request. */
  readonly batches: number[] = [];
  /** Every metric of the newest accepted request. */
  metrics: readonly DecodedMetric[] = [];
  /** The metrics of each accepted request. */
  readonly metricsSoFar: (readonly DecodedMetric[])[] = [];
  resource: Record<string, unknown> = {};
  /** Every request: path, headers, the sender's port. */
  readonly requests: {
    readonly path: string;
    readonly headers: IncomingHttpHeaders;
    readonly port: number;
  }[] = [];
  /** Most requests of a path that were open at once. */
  readonly mostAtOnce: Map<string, number> = new Map();
  readonly #open = new Map<string, number>();
  /** Decides the answer to a request; 200 where it decides nothing. */
  answer: (path: string, nth: number) => Answer = () => ({});
  #server: Server | undefined;
  #port = 0;

  static async start(answer?: Receiver["answer"]): Promise<Receiver> {
    const receiver = new Receiver();
    if (answer !== undefined) receiver.answer = answer;
    await receiver.listen();
    return receiver;
  }

  /** A receiver that has a port and does not listen on it yet. */
  static async reserved(): Promise<Receiver> {
    const receiver = await Receiver.start();
    await receiver.close();
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async listen(): Promise<void> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const path = request.url ?? "";
        this.requests.push({ path, headers: request.headers, port: request.socket.remotePort ?? 0 });
        this.#countOpen(path, response);
        const body = Buffer.concat(chunks);
        this.#respond(
          path,
          request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body,
          response,
        );
      });
      request.on("error", () => {});
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Breaks every connection, and goes on listening. */
  dropConnections(): void {
    this.#server?.closeAllConnections();
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  metric(name: string): DecodedMetric | undefined {
    return this.metrics.find((metric) => metric.name === name);
  }

  /** Ids of the accepted spans, hexadecimal, in the order in which they came. */
  get spanIds(): string[] {
    return this.spans.map(({ spanId }) => Buffer.from(spanId, "base64").toString("hex"));
  }

  /** `slipstream.seq` of what was accepted, sorted. */
  get seqs(): number[] {
    return this.spans
      .map(({ attributes }) => Number(plain(attributes)["slipstream.seq"]))
      .sort((a, b) => a - b);
  }

  #countOpen(path: string, response: ServerResponse): void {
    const open = (this.#open.get(path) ?? 0) + 1;
    this.#open.set(path, open);
    this.mostAtOnce.set(path, Math.max(open, this.mostAtOnce.get(path) ?? 0));
    response.on("close", () => this.#open.set(path, (this.#open.get(path) ?? 1) - 1));
  }

  #respond(path: string, body: Buffer, response: ServerResponse): void {
    const { status = 200, headers = {}, body: answer, hang, reset } = this.answer(path, this.requests.length);
    if (hang) return;
    if (reset) {
      response.destroy();
      return;
    }
    if (status === 200) this.#keep(path, body);
    response.writeHead(status, { "content-type": "application/x-protobuf", ...headers });
    response.end(answer);
  }

  #keep(path: string, body: Buffer): void {
    this.bodies.push(body);
    if (path.endsWith("/v1/metrics")) {
      const { resourceMetrics } = decodeMetricsRequest(body);
      this.metrics = resourceMetrics.flatMap(({ scopeMetrics }) =>
        scopeMetrics.flatMap(({ metrics }) => metrics),
      );
      this.metricsSoFar.push(this.metrics);
      this.resource = resourceOf(resourceMetrics);
      return;
    }
    const { resourceSpans } = decodeTracesRequest(body);
    const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    this.spans.push(...spans);
    this.batches.push(spans.length);
    this.resource = resourceOf(resourceSpans);
  }
}

function resourceOf(list: readonly { readonly resource: { readonly attributes: readonly KeyValue[] } }[]) {
  return plain(list[0]?.resource.attributes ?? []);
}
