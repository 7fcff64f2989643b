import { gunzipSync } from "node:zlib";
import type { MetricDefinition } from "@slipstream/conventions";
import { renderOpenMetrics, renderPrometheus } from "@slipstream/exposition";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Expositions } from "../exposition/expositions.ts";
import { type HttpServer, startServer } from "../server/server.ts";
import { metricsRoute } from "./metrics.ts";

const definition: MetricDefinition = { name: "items", kind: "gauge", unit: "items", help: "Items." };
const samples = Array.from({ length: 100 }, (_, index) => ({
  labels: { index: String(index) },
  value: index,
}));
const families = [{ definition, samples }];
let server: HttpServer;
let url = "";

beforeAll(async () => {
  server = await startServer({
    routes: [metricsRoute],
    context: { metrics: new Expositions({ collect: () => families, state: () => 0 }) },
    host: "127.0.0.1",
    port: 0,
  });
  url = `${server.url}/metrics`;
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

test("answers HEAD with the length and without the body", async () => {
  const headers = { "Accept-Encoding": "identity" };
  const response = await fetch(url, { method: "HEAD", headers });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-length")).toBe(String(renderPrometheus(families).length));
  expect(await response.text()).toBe("");
});
