import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { encode } from "@slipstream/testing/otlp-schema";
import { expect, onTestFinished, test } from "vitest";
import { createAggregator } from "../aggregator.ts";
import { readLog } from "../log/read-log.ts";
import { makeDirectory, removeDirectory } from "../log/testing/folder.ts";
import { replayLog } from "../replay/replay.ts";

const KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

function request(id: number): object {
  const nowNs = String(Date.now() * 1e6);
  const attributes = [
    ["rpc.system", "jsonrpc"],
    ["rpc.method", "getSlot"],
    ["url.full", `https://mainnet.helius-rpc.com/?api-key=${KEY}`],
    ["http.request.header.authorization", `Bearer ${KEY}`],
  ].map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const span = {
    traceId: Buffer.alloc(16, id),
    spanId: Buffer.alloc(8, id),
    name: "POST",
    kind: 3,
    startTimeUnixNano: nowNs,
    endTimeUnixNano: nowNs,
    attributes,
  };
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "desk" } }] };
  return { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] };
}

/** Ids are hexadecimal in JSON. */
const asJson = (id: number): Buffer =>
  Buffer.from(
    JSON.stringify(request(id), (_, value) =>
      value?.type === "Buffer" ? Buffer.from(value.data).toString("hex") : value,
    ),
  );
const asProtobuf = (id: number): Buffer => Buffer.from(encode("TracesRequest", request(id) as never));

const bodies: readonly (readonly [string, Record<string, string>, Buffer])[] = [
  ["protobuf", { "content-type": "application/x-protobuf" }, asProtobuf(1)],
  ["JSON", { "content-type": "application/json" }, asJson(2)],
  ["gzip", { "content-type": "application/x-protobuf", "content-encoding": "gzip" }, gzipSync(asProtobuf(3))],
  ["JSON in gzip", { "content-type": "application/json", "content-encoding": "gzip" }, gzipSync(asJson(4))],
];

test("no secret of a request reaches the disk, and every span counts, now and in a replay", async () => {
  const dataDir = makeDirectory();
  onTestFinished(() => removeDirectory(dataDir));
  const aggregator = await createAggregator({ dataDir, port: 0 });
  for (const [name, headers, body] of bodies) {
    const response = await fetch(`${aggregator.url}/v1/traces`, {
      method: "POST",
      headers,
      body: new Uint8Array(body),
    });
    expect(response.status, name).toBe(200);
  }
  const counted = aggregator.current().services.desk;
  expect(counted).toMatchObject({ received: 4, refused: 0 });
  await aggregator.close();
  const logged = [...readLog(dataDir)].filter(({ kind }) => kind === "traces");
  expect(logged).toHaveLength(4);
  for (const { compression, body } of logged) {
    const text = compression === "gzip" ? gunzipSync(body) : Buffer.from(body);
    expect(text.includes("helius-rpc.com/?api-key=****")).toBe(true);
    expect(text.includes(KEY.slice(0, 10))).toBe(false);
  }
  expect(replayLog(dataDir).current.services.desk).toMatchObject({ received: 4, refused: 0 });
  for (const file of readdirSync(dataDir, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const bytes = readFileSync(join(file.parentPath, file.name));
    expect(bytes.includes(KEY.slice(0, 10)), file.name).toBe(false);
  }
});
