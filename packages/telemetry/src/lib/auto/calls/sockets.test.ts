import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { context, SpanStatusCode } from "@opentelemetry/api";
import { eventually } from "@slipstream/testing/eventually";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { WebSocketServer, WebSocket as WsSocket } from "ws";
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
transports.followWs(WsSocket);

/** Answers each call with its id; `hang` never, and `break` by breaking the connection. */
const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
const handshakes: unknown[] = [];
server.on("connection", (socket, request) => {
  handshakes.push(request.headers.traceparent);
  socket.on("message", (data) => {
    const { id, method } = JSON.parse(String(data));
    if (method === "getHealth") return;
    if (method === "getVersion") return socket.terminate();
    socket.send(JSON.stringify({ jsonrpc: "2.0", method: "slotNotification", params: {} }));
    socket.send(JSON.stringify({ jsonrpc: "2.0", id, result: 7 }));
  });
});
await once(server, "listening");
const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/SECRET-KEY?api-key=SECRET`;

afterAll(() => {
  transports.remove();
  server.close();
  for (const socket of server.clients) socket.terminate();
});
beforeEach(() => {
  spans.length = 0;
});

const rpc = (method: string, id: number | string): string => JSON.stringify({ jsonrpc: "2.0", id, method });
const shown = (): unknown[] =>
  spans.map(({ name, attributes, status }) => [
    name,
    attributes["rpc.method"],
    attributes["error.type"],
    status.code,
  ]);

describe.each([
  ["the built-in WebSocket", () => new WebSocket(url)],
  ["ws", () => new WsSocket(url) as unknown as WebSocket],
])("a call over %s", (_, open) => {
  async function opened(): Promise<WebSocket> {
    const socket = open();
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    return socket;
  }

  it("is one span from its request to its answer, by its id", async () => {
    const before = instruments.handles.solanaNodeLatency.histogram.count;
    const socket = await opened();
    const received: string[] = [];
    socket.addEventListener("message", ({ data }) => received.push(String(data)));
    socket.send(rpc("getSlot", 1));
    socket.send(rpc("getBlockHeight", "a"));
    socket.send('{"jsonrpc":"2.0","method":"ping"}');
    await eventually("all answers have come", () => received.length === 6);
    expect(shown()).toEqual([
      ["solana.rpc", "getSlot", undefined, SpanStatusCode.UNSET],
      ["solana.rpc", "getBlockHeight", undefined, SpanStatusCode.UNSET],
    ]);
    expect(spans[0]?.attributes).toMatchObject({
      "server.address": "127.0.0.1",
      "network.protocol.name": "websocket",
    });
    expect(JSON.stringify(spans.map(({ attributes }) => attributes))).not.toContain("SECRET");
    expect(instruments.handles.solanaNodeLatency.histogram.count).toBe(before + 2);
    socket.close();
  });

  it("fails if the connection breaks, and is given up if the service closes it", async () => {
    const broken = await opened();
    broken.addEventListener("error", () => {});
    broken.send(rpc("getVersion", 1));
    await eventually("the connection has broken", () => spans.length === 1);
    const closed = await opened();
    closed.send(rpc("getHealth", 1));
    closed.close(1000);
    await eventually("the socket is closed", () => spans.length === 2);
    expect(shown()).toEqual([
      ["solana.rpc", "getVersion", "connection_closed", SpanStatusCode.ERROR],
      ["solana.rpc aborted", "getHealth", undefined, SpanStatusCode.UNSET],
    ]);
  });

  it("is left alone where nothing is to be traced", async () => {
    const socket = await opened();
    const answered = new Promise((resolve) => socket.addEventListener("message", resolve));
    context.with(suppressTracing(context.active()), () => socket.send(rpc("getSlot", 1)));
    await answered;
    socket.close();
    expect([spans, problems]).toEqual([[], []]);
  });
});

it("carries no trace to the node, and keeps the shape of both classes", () => {
  expect(handshakes.every((header) => header === undefined)).toBe(true);
  expect([WebSocket.name, WebSocket.prototype.send.name, WebSocket.prototype.send.length]).toEqual([
    "WebSocket",
    "send",
    1,
  ]);
  expect([WsSocket.prototype.send.name, WsSocket.prototype.send.length]).toEqual(["send", 3]);
});
