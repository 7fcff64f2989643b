import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { metrics } from "@opentelemetry/api";
import { Receiver } from "@slipstream/testing/otlp-receiver";
import { expect, test } from "vitest";
import { setUp } from "./set-up.ts";

test("only one file depends on the SDK, so that an upgrade affects one file", () => {
  const source = fileURLToPath(new URL("..", import.meta.url));
  const knowing = globSync("**/*.ts", { cwd: source }).filter(
    (file) =>
      !file.includes(".test.") &&
      !file.startsWith("testing") &&
      /from "@opentelemetry\/(?!api")/.test(readFileSync(`${source}/${file}`, "utf8")),
  );
  expect(knowing).toEqual(["lib/sdk.ts"]);
});

test("a callback of the service that never answers delays neither the metric export nor the exit", async () => {
  await using receiver = await Receiver.start();
  const telemetry = setUp({
    serviceName: "s",
    endpoint: receiver.url,
    shutdownOnExit: false,
    metricIntervalMs: 3_600_000,
    exitTimeoutMs: 300,
  });
  metrics
    .getMeter("s")
    .createObservableGauge("stuck")
    .addCallback(() => new Promise(() => {}));
  telemetry.tracer.startSpan("x").end();
  await telemetry.flush();
  await telemetry.shutdown();
  expect(receiver.spans).toHaveLength(1);
});
