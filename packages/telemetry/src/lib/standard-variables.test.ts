import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { setUp } from "./set-up.ts";

afterEach(() => vi.unstubAllEnvs());

/** A receiver that notes what is posted to which path. */
async function receiver(): Promise<{ url: string; paths: string[] }> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? "");
    request.resume().on("end", () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, paths };
}

/** A service that ends a span and flushes, under these variables. */
async function run(env: Record<string, string>): Promise<string[]> {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const problems: string[] = [];
  const telemetry = setUp({
    serviceName: "desk",
    global: false,
    shutdownOnExit: false,
    onError: (message) => problems.push(message),
  });
  telemetry.tracer.startSpan("x").end();
  await telemetry.flush();
  await telemetry.shutdown();
  return problems;
}

test("the endpoints of single signals are used as they are, before the shared one", async () => {
  const [shared, traces] = [await receiver(), await receiver()];
  const problems = await run({
    OTEL_EXPORTER_OTLP_ENDPOINT: shared.url,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${traces.url}/own/path`,
  });
  expect(new Set(traces.paths)).toEqual(new Set(["/own/path"]));
  expect(new Set(shared.paths)).toEqual(new Set(["/v1/metrics"]));
  expect(problems).toEqual([]);
});

test("OTEL_SDK_DISABLED=true: nothing is sent", async () => {
  const { url, paths } = await receiver();
  expect(await run({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_SDK_DISABLED: "TRUE" })).toEqual([]);
  expect(paths).toEqual([]);
});

test.each([
  ["OTEL_TRACES_EXPORTER", "/v1/metrics"],
  ["OTEL_METRICS_EXPORTER", "/v1/traces"],
])("%s=none: only the other signal is sent", async (name, path) => {
  const { url, paths } = await receiver();
  expect(await run({ OTEL_EXPORTER_OTLP_ENDPOINT: url, [name]: "none" })).toEqual([]);
  expect(new Set(paths)).toEqual(new Set([path]));
});

test("values that are not allowed are ignored, and what has no effect is said, each once", async () => {
  const { url, paths } = await receiver();
  const problems = await run({
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_SDK_DISABLED: "1",
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "nowhere",
    OTEL_TRACES_EXPORTER: "zipkin",
    OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
  });
  expect(problems.sort()).toEqual([
    expect.stringMatching(/^OTEL_EXPORTER_OTLP_METRICS_ENDPOINT is ignored/),
    expect.stringMatching(/^OTEL_EXPORTER_OTLP_PROTOCOL has no effect here/),
    expect.stringMatching(/^OTEL_SDK_DISABLED is taken for false/),
    expect.stringMatching(/^OTEL_TRACES_EXPORTER is ignored/),
  ]);
  expect(new Set(paths)).toEqual(new Set(["/v1/traces", "/v1/metrics"]));
});

test.each([{ OTEL_TRACES_EXPORTER: "none" }, { OTEL_SDK_DISABLED: "true" }])(
  "%j: trades and calls are counted all the same",
  async (env) => {
    const { url } = await receiver();
    for (const [name, value] of Object.entries({ OTEL_EXPORTER_OTLP_ENDPOINT: url, ...env }))
      vi.stubEnv(name, value);
    const telemetry = setUp({ serviceName: "desk", global: false, shutdownOnExit: false });
    onTestFinished(() => telemetry.shutdown());
    await telemetry.trades.execute({ pair: "SOL/USDC" }, async () => {
      await telemetry.latencyTracker.track("jupiter.quote", async () => {});
    });
    expect(telemetry.instruments.trades.success.value).toBe(1);
    expect(telemetry.latencyTracker.operations()).toEqual(["jupiter.quote"]);
  },
);
