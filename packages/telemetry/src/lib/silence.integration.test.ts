import { eventually } from "@slipstream/testing/eventually";
import { Receiver } from "@slipstream/testing/otlp-receiver";
import { expect, onTestFinished, test } from "vitest";
import { type Child, startChild } from "../testing/child.ts";

function service(endpoint: string, env: Readonly<Record<string, string>> = {}): Child {
  const child = startChild([endpoint, "10", "by-signal", "200"], "service.main.ts", [], env);
  onTestFinished(() => void child.process.kill("SIGKILL"));
  return child;
}

const linesOf = (child: Child): string[] => child.stderr().split("\n").filter(Boolean);

test("a service whose receiver is away says so once, and once when it is back", async () => {
  await using receiver = await Receiver.reserved();
  const child = service(receiver.url);
  await eventually("it warns", () => linesOf(child).length > 0);
  await receiver.listen();
  await eventually("it is back", () => linesOf(child).length > 1);
  const arrived = receiver.metricsSoFar.length;
  await eventually("it goes on", () => receiver.metricsSoFar.length > arrived + 3);
  expect(receiver.seqs).toHaveLength(10);
  expect(linesOf(child)).toEqual([
    expect.stringMatching(
      /^slipstream: Cannot send telemetry of child to http:\/\/127\.0\.0\.1:\d+: connect ECONN/,
    ),
    expect.stringMatching(
      /^slipstream: Sending telemetry of child to http:\/\/127\.0\.0\.1:\d+ works again$/,
    ),
  ]);
});

test("a receiver that comes and goes is no flood", async () => {
  let requests = 0;
  await using receiver = await Receiver.start(() => ({ status: ++requests % 8 < 4 ? 503 : 200 }));
  const child = service(receiver.url);
  await eventually("it was away several times", () => requests > 24);
  expect(linesOf(child).length).toBeLessThanOrEqual(2);
});

test("without an endpoint it names the variable", async () => {
  // A port that nobody listens on; 4318 may be somebody's.
  await using receiver = await Receiver.reserved();
  const { port } = new URL(receiver.url);
  const wrong = service("", { OTEL_EXPORTER_OTLP_ENDPOINT: `127.0.0.1:${port}` });
  await eventually("it warns", () => linesOf(wrong).length > 0);
  expect(linesOf(wrong)[0]).toBe(
    "slipstream: OTEL_EXPORTER_OTLP_ENDPOINT is ignored: it must be an http:// or https:// URL",
  );
});
