import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import type { MetricDefinition } from "@slipstream/conventions";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMetricsHandler } from "./metrics-handler.ts";
import { renderOpenMetrics } from "./open-metrics-text.ts";
import { renderPrometheus } from "./prometheus-text.ts";

const definition: MetricDefinition = { name: "items", kind: "gauge", unit: "items", help: "Items." };
const samples = Array.from({ length: 100 }, (_, index) => ({
  labels: { index: String(index) },
  value: index,
}));
const families = [{ definition, samples }];
const handler = createMetricsHandler(() => families);
const server = createServer((request, response) => void handler(request, response));
let url = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
});
afterAll(() => server.close());

test("answers the Prometheus text by default", async () => {
  const response = await fetch(url, { headers: { "Accept-Encoding": "identity" } });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(response.headers.get("content-encoding")).toBeNull();
  expect(await response.text()).toBe(renderPrometheus(families));
});

test("answers OpenMetrics to a client that wants it", async () => {
  const response = await fetch(url, { headers: { Accept: "application/openmetrics-text" } });
  expect(response.headers.get("content-type")).toBe(
    "application/openmetrics-text; version=1.0.0; charset=utf-8",
  );
  expect(response.headers.get("vary")).toBe("Accept, Accept-Encoding");
  expect(await response.text()).toBe(renderOpenMetrics(families));
});

test("gzips for a client that can read it", async () => {
  const { get } = await import("node:http");
  const { body, encoding } = await new Promise<{ body: Buffer; encoding: string | undefined }>(
    (resolve, reject) => {
      get(url, { headers: { "Accept-Encoding": "gzip" } }, async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve({ body: Buffer.concat(chunks), encoding: response.headers["content-encoding"] });
      }).on("error", reject);
    },
  );
  expect(encoding).toBe("gzip");
  expect(gunzipSync(body).toString()).toBe(renderPrometheus(families));
});

test("answers HEAD without a body", async () => {
  const response = await fetch(url, { method: "HEAD" });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe("");
});
