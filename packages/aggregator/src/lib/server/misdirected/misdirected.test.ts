import { connect as connectHttp2 } from "node:http2";
import { connect as connectTls } from "node:tls";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { json } from "../answer.ts";
import { HttpError } from "../http-error.ts";
import { route } from "../route.ts";
import { type HttpServer, startServer } from "../server.ts";
import { ask, talk } from "../testing/talk.ts";
import { type MisdirectedName, misdirectedKinds } from "./kinds.ts";
import { Misdirected, type Misdirection } from "./misdirected.ts";

const news: Misdirection[] = [];
let misdirected: Misdirected;
let server: HttpServer;

const traces = route({
  method: "POST",
  path: "/v1/traces",
  about: "",
  purpose: "deliver",
  handler: ({ headers }) => {
    if (headers["content-type"]?.startsWith("application/json")) return json({});
    if (headers["content-type"]?.startsWith("application/x-protobuf")) {
      throw new HttpError(400, String(headers["x-code"]) as "wrong_signal", "It holds something else.");
    }
    throw new HttpError(415, "unsupported_media_type", "Send JSON.");
  },
});

beforeEach(async () => {
  news.length = 0;
  misdirected = new Misdirected(
    (one) => news.push(one),
    () => 1_000,
  );
  const routes = [traces, route({ method: "GET", path: "/metrics", about: "", handler: () => json({}) })];
  server = await startServer({ routes, context: undefined, host: "127.0.0.1", port: 0, misdirected });
});
afterEach(() => server.close(0));

const kinds = (): readonly MisdirectedName[] => misdirected.status().map(({ kind }) => kind);

const JSON_TYPE = "content-type: application/json";
const PROTOBUF = "content-type: application/x-protobuf";

test.each<[MisdirectedName, string, string]>([
  ["path_doubled", "POST /v1/traces/v1/traces", JSON_TYPE],
  ["path_doubled", "POST /v1/v1/traces", PROTOBUF],
  ["path_missing", "POST /", PROTOBUF],
  ["path_missing", "POST /v1/", JSON_TYPE],
  ["path_prefix", "POST /otlp/v1/traces", JSON_TYPE],
  ["logs", "POST /v1/logs", PROTOBUF],
  ["logs", "POST //v1/logs/", PROTOBUF],
  ["profiles", "POST /v1development/profiles", PROTOBUF],
  [
    "grpc",
    "POST /opentelemetry.proto.collector.trace.v1.TraceService/Export",
    "content-type: application/grpc-web",
  ],
  ["remote_write", "POST /api/v1/write", "x-prometheus-remote-write-version: 0.1.0"],
  ["remote_write", "POST /api/v1/push", PROTOBUF],
  ["zipkin", "POST /api/v2/spans", JSON_TYPE],
  ["zipkin", "POST /api/traces", "content-type: application/x-thrift"],
  ["get", "GET /v1/traces", "accept: */*"],
  ["get", "GET /v1/metrics/", "accept: */*"],
  ["content_type", "POST /v1/traces", "content-type: text/plain"],
  ["grpc", "POST /v1/traces", "content-type: application/grpc+proto"],
])("%s: %s is refused, counted, and told with the remedy", async (kind, target, header) => {
  const { status, body } = await ask(
    server.port,
    `${target}?key=secret HTTP/1.1\r\nhost: localhost\r\nuser-agent: me\r\n${header}`,
  );
  expect(status).toBeGreaterThanOrEqual(400);
  if (status !== 415) expect(body).toContain(misdirectedKinds[kind].remedy);
  expect(misdirected.status()).toEqual([
    {
      kind,
      count: 1,
      lastSeen: "1970-01-01T00:00:01.000Z",
      remedy: misdirectedKinds[kind].remedy,
      taken: false,
    },
  ]);
  expect(news).toMatchObject([{ kind, address: "127.0.0.1", userAgent: "me", path: target.split(" ")[1] }]);
});

test.each<[MisdirectedName, string, string]>([
  ["path_slashes", "POST //v1/traces", JSON_TYPE],
  ["path_slashes", "POST /v1/traces/", JSON_TYPE],
  ["path_slashes", "POST /v1//traces//", JSON_TYPE],
  [
    "h2c",
    "POST /v1/traces",
    `${JSON_TYPE}\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAARAAAAAAAIAAAAA`,
  ],
])("%s: %s is taken, and counted", async (kind, target, header) => {
  const { status } = await ask(server.port, `${target} HTTP/1.1\r\nhost: localhost\r\n${header}`);
  expect(status).toBe(200);
  expect(misdirected.status()).toMatchObject([{ kind, count: 1, taken: true }]);
});

test.each(["wrong_format", "wrong_signal", "too_large"])(
  "%s: a delivery refused for that is counted",
  async (kind) => {
    await ask(server.port, `POST /v1/traces HTTP/1.1\r\nhost: localhost\r\n${PROTOBUF}\r\nx-code: ${kind}`);
    expect(misdirected.status()).toMatchObject([{ kind, count: 1, taken: false }]);
  },
);

test("TLS is answered and counted", async () => {
  const socket = connectTls({ port: server.port, host: "127.0.0.1", rejectUnauthorized: false });
  const failed = vi.fn();
  socket.on("error", failed);
  await vi.waitUntil(() => failed.mock.calls.length > 0, { timeout: 5_000 });
  expect(kinds()).toEqual(["tls"]);
});

test("HTTP/2, as gRPC speaks it, is answered in plain text and counted", async () => {
  const session = connectHttp2(server.url);
  const failed = vi.fn();
  session.on("error", failed);
  session.request({ ":path": "/v1/traces" }).on("error", failed);
  await vi.waitUntil(() => failed.mock.calls.length > 0, { timeout: 5_000 });
  session.destroy();
  expect(kinds()).toEqual(["grpc"]);
  const { socket, answer } = await talk(server.port, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  await vi.waitUntil(() => socket.closed, { timeout: 5_000 });
  expect(answer()).toContain(misdirectedKinds.grpc.remedy);
  expect(misdirected.status()).toMatchObject([{ kind: "grpc", count: 2 }]);
});

test("each kind is told once for each client, and clients are bounded", async () => {
  for (let client = 0; client < 100; client++) {
    for (let time = 0; time < 2; time++) {
      await ask(server.port, `POST /v1/logs HTTP/1.1\r\nhost: localhost\r\nuser-agent: ${client}`);
    }
  }
  expect(misdirected.status()).toMatchObject([{ kind: "logs", count: 200 }]);
  expect(new Set(news.map(({ userAgent }) => userAgent)).size).toBe(news.length);
  expect(news).toHaveLength(32);
});

test.each(["GET /favicon.ico", "GET /", "GET /v1", "POST /login", "POST /v1/traces", "GET /metrics"])(
  "%s has nothing to do with it",
  async (target) => {
    await ask(server.port, `${target} HTTP/1.1\r\nhost: localhost\r\n${JSON_TYPE}`);
    expect(kinds()).toEqual([]);
  },
);
