import { once } from "node:events";
import { createServer, get, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-node";
import { eventually } from "@slipstream/testing/eventually";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { recordingTracer } from "../../../testing/recording.ts";
import { InstrumentSet } from "../../instruments/instrument-set.ts";
import { suppressTracing } from "../../sdk.ts";
import { followTransports } from "../transport/install.ts";
import { RequestObserver } from "./request-observer.ts";

const { tracer, spans } = recordingTracer();
const instruments = new InstrumentSet();
const problems: string[] = [];
const observer = new RequestObserver(
  { tracer, instruments: instruments.handles, onError: (error) => problems.push(String(error)) },
  { jupiter: [], jito: [] },
);
const transports = followTransports(observer, (problem) => problems.push(problem));

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;
let answer: Answer = (_, response) => response.end();
const headers: IncomingMessage["headers"][] = [];
const server = createServer(async (incoming, response) => {
  headers.push(incoming.headers);
  answer(incoming, response, await text(incoming));
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
const url = `http://127.0.0.1:${port}`;

afterAll(() => {
  transports.remove();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  spans.length = 0;
  headers.length = 0;
});

const rpc = (method: string, id = 1, params: unknown[] = []): object => ({
  jsonrpc: "2.0",
  id,
  method,
  params,
});
const post = (body: unknown, path = "/"): Promise<Response> =>
  fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
const says = (value: unknown, status = 200): Answer => {
  return (_, response) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
};
const shown = ({ name, kind, attributes, status }: ReadableSpan): unknown => ({
  name,
  kind,
  attributes,
  status: status.code,
});
/** Counts of the two latencies. */
const counts = (): number[] => {
  const { solanaNodeLatency, jupiterApiLatency } = instruments.handles;
  return [solanaNodeLatency.histogram.count, jupiterApiLatency.histogram.count];
};
const served = { "server.address": "127.0.0.1", "server.port": port };

describe("a call of a node", () => {
  it("is one span and one latency, with what the answer says, and carries no trace header", async () => {
    const [before = 0] = counts();
    answer = says({ jsonrpc: "2.0", id: 1, result: { context: { slot: 371 }, value: 5 } });
    await (await post(rpc("getBalance", 1, ["x", { commitment: "confirmed" }]), "/SECRET-KEY")).json();
    expect(spans.map(shown)).toEqual([
      {
        name: "solana.rpc",
        kind: SpanKind.CLIENT,
        status: SpanStatusCode.UNSET,
        attributes: {
          ...served,
          "rpc.system": "jsonrpc",
          "rpc.system.name": "jsonrpc",
          "jsonrpc.protocol.version": "2.0",
          "rpc.method": "getBalance",
          "solana.commitment": "confirmed",
          "solana.context_slot": 371,
          "http.response.status_code": 200,
        },
      },
    ]);
    expect(JSON.stringify(spans.map(shown))).not.toContain("SECRET");
    expect(counts()[0]).toBe(before + 1);
    expect(headers.map(({ traceparent }) => traceparent)).toEqual([undefined]);
  });

  it("is one span for each call of a batch, with the error of each", async () => {
    const [before = 0] = counts();
    answer = says([
      { jsonrpc: "2.0", id: 2, error: { code: -32005, message: "Node is behind by 42 slots" } },
      { jsonrpc: "2.0", id: 1, result: 7 },
    ]);
    await (await post([rpc("getSlot", 1), rpc("getHealth", 2)])).json();
    expect(
      spans.map(({ attributes, status }) => [
        attributes["rpc.method"],
        attributes["error.type"],
        status.code,
      ]),
    ).toEqual([
      ["getSlot", undefined, SpanStatusCode.UNSET],
      ["getHealth", "-32005", SpanStatusCode.ERROR],
    ]);
    expect(counts()[0]).toBe(before + 2);
  });

  it("is the same over node:http, whole or in parts", async () => {
    answer = says({ jsonrpc: "2.0", id: 1, result: 7 });
    const body = JSON.stringify(rpc("getSlot"));
    for (const parts of [[body], [body.slice(0, 9), body.slice(9)]]) {
      const made = request(url, { method: "POST" });
      for (const part of parts) made.write(part);
      made.end();
      const [response] = await once(made, "response");
      await text(response);
    }
    expect(spans.map(({ name, attributes }) => [name, attributes["rpc.method"]])).toEqual([
      ["solana.rpc", "getSlot"],
      ["solana.rpc", "getSlot"],
    ]);
    expect(headers.map(({ traceparent }) => traceparent)).toEqual([undefined, undefined]);
  });

  it("whose method nobody knows, and any other request to a node, shows no key of its path", async () => {
    answer = says({ jsonrpc: "2.0", id: 1, result: 7 });
    const canary = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    await (await post({ jsonrpc: "2.0", id: 1, method: "eth_call" }, `/${canary}`)).json();
    await (await fetch(`${url}/${canary}/health`)).text();
    expect(spans.map(({ name }) => name)).toEqual(["POST", "GET"]);
    expect(JSON.stringify(spans.map(shown))).not.toContain(canary);
    expect(headers.map(({ traceparent }) => traceparent)).toEqual([undefined, undefined]);
  });

  it("fails with the kind of the error, and neither its message nor its stack", async () => {
    answer = ({ socket }) => socket.destroy();
    await post(rpc("getSlot"), "/KEY").catch(() => {});
    const [span] = spans;
    expect([span?.name, span?.status, span?.events]).toEqual([
      "solana.rpc",
      { code: SpanStatusCode.ERROR },
      [],
    ]);
    expect(span?.attributes["error.type"]).toBe("UND_ERR_SOCKET");
  });

  it("that the service gives up is neither a failure nor a latency", async () => {
    const before = counts();
    answer = () => {};
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);
    const body = JSON.stringify(rpc("getSlot"));
    await fetch(url, { method: "POST", body, signal: abort.signal }).catch(() => {});
    expect(spans.map(shown)).toMatchObject([
      { name: "solana.rpc aborted", kind: SpanKind.INTERNAL, status: SpanStatusCode.UNSET },
    ]);
    expect(counts()).toEqual(before);
  });

  it("has the span of the caller as its parent", async () => {
    answer = says({ jsonrpc: "2.0", id: 1, result: 7 });
    const parent = tracer.startSpan("parent");
    await context.with(trace.setSpan(context.active(), parent), async () =>
      (await post(rpc("getSlot"))).text(),
    );
    expect(spans[0]?.parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
  });
});

describe("a quote of Jupiter", () => {
  it("is a span of its own name and counts as Jupiter's", async () => {
    const [node, jupiter = 0] = counts();
    answer = says({ inAmount: "1", outAmount: "2" });
    const query =
      "inputMint=So11111111111111111111111111111111111111112&outputMint=EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v&amount=1000";
    await (await fetch(`${url}/KEY/swap/v1/quote?${query}`)).json();
    observer.settle();
    expect(spans.map(({ name }) => name)).toEqual(["jupiter.quote"]);
    expect(counts()).toEqual([node, jupiter + 1]);
    expect(headers[0]?.traceparent).toBeUndefined();
  });
});

describe("any other request", () => {
  // A name of its own: the address above was seen to be a node's.
  const other = `http://localhost:${port}`;

  it("is a client span of HTTP, and carries its trace", async () => {
    answer = says({ ok: true });
    await (await fetch(`${other}/prices?api-key=SECRET#part`, { headers: { "x-own": "1" } })).json();
    expect(spans.map(shown)).toEqual([
      {
        name: "GET",
        kind: SpanKind.CLIENT,
        status: SpanStatusCode.UNSET,
        attributes: {
          "http.request.method": "GET",
          "url.full": `${other}/prices`,
          "server.address": "localhost",
          "server.port": port,
          "http.response.status_code": 200,
        },
      },
    ]);
    const { traceId, spanId } = spans[0]?.spanContext() ?? {};
    expect(headers[0]).toMatchObject({ traceparent: `00-${traceId}-${spanId}-01`, "x-own": "1" });
  });

  it("fails by its status, and not because it is no JSON", async () => {
    answer = says("", 503);
    await (await fetch(other)).text();
    answer = (_, response) => response.end("<html>");
    await (await fetch(other)).json().catch(() => {});
    expect(spans.map(({ attributes, status }) => [attributes["error.type"], status.code])).toEqual([
      ["503", SpanStatusCode.ERROR],
      [undefined, SpanStatusCode.UNSET],
    ]);
  });

  it("over node:http is the same", async () => {
    answer = (_, response) => response.end("text");
    const [response] = await once(get(`${other}/path?key=SECRET`), "response");
    await text(response);
    expect(spans.map(({ name, attributes }) => [name, attributes["url.full"]])).toEqual([
      ["GET", `${other}/path`],
    ]);
    expect(headers[0]?.traceparent).toContain(spans[0]?.spanContext().spanId);
  });

  it("of telemetry itself is left alone", async () => {
    answer = (_, response) => response.end();
    await context.with(suppressTracing(context.active()), async () => (await fetch(other)).text());
    await context.with(suppressTracing(context.active()), async () =>
      text((await once(get(other), "response"))[0]),
    );
    expect([spans, headers.map(({ traceparent }) => traceparent)]).toEqual([[], [undefined, undefined]]);
  });

  it("ends though nobody reads its body", async () => {
    answer = (_, response) => response.end("unread");
    await fetch(other);
    expect(spans).toEqual([]);
    transports.settle();
    await eventually("the span has ended", () => spans.length === 1);
    expect(problems).toEqual([]);
  });
});
