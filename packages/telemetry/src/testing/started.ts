import type { Receiver } from "@slipstream/testing/otlp-receiver";
import { afterEach } from "vitest";
import type { TelemetryOptions } from "../lib/options/options.ts";
import { setUp } from "../lib/set-up.ts";
import type { Telemetry } from "../lib/telemetry.ts";

const running: Telemetry[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((telemetry) => telemetry.shutdown()));
});

/** Telemetry that sends to `receiver` and is shut down after the test. */
export function start(receiver: Receiver, options: Partial<TelemetryOptions> = {}): Telemetry {
  const telemetry = setUp({
    serviceName: "test",
    endpoint: receiver.url,
    shutdownOnExit: false,
    global: false,
    flushIntervalMs: 20,
    silent: true,
    ...options,
  });
  running.push(telemetry);
  return telemetry;
}

export function endSpans(telemetry: Telemetry, count: number, text = ""): void {
  for (let i = 0; i < count; i += 1) {
    const span = telemetry.tracer.startSpan(`span ${i}`);
    if (text !== "") span.setAttribute("text", text);
    span.end();
  }
}

/** 1 to `count`. */
export const sequence: (count: number) => number[] = (count) =>
  Array.from({ length: count }, (_, i) => i + 1);
/** Answers requests with spans by `answer`, which gets their number from 1; metrics are accepted. */
export const tracesOnly: (answer: Receiver["answer"]) => Receiver["answer"] = (answer) => {
  let nth = 0;
  return (path) => (path.endsWith("traces") ? answer(path, ++nth) : {});
};
