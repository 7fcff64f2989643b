import { eventually } from "@slipstream/testing/eventually";
import { Receiver } from "@slipstream/testing/otlp-receiver";
import { describe, expect, test } from "vitest";
import { type ChildEnd, startChild } from "../../testing/child.ts";

const SPANS = 1_000;
const all = Array.from({ length: SPANS }, (_, i) => i + 1);

/** A request in progress at exit is sent again, because its answer had not arrived yet. */
function distinct(receiver: Receiver): number[] {
  return [...new Set(receiver.seqs)];
}

async function runToEnd(endpoint: string, ending: string, ...more: string[]): Promise<ChildEnd> {
  return await startChild([endpoint, String(SPANS), ending, ...more]).end;
}

describe.concurrent("every span arrives, and the process exits as it would have without telemetry", () => {
  test.each([
    ["natural", 0],
    ["exit-code", 3],
    ["process.exit", 7],
  ])("%s: exit code %d", async (ending, code) => {
    await using receiver = await Receiver.start();
    const end = await runToEnd(receiver.url, ending);
    expect(end).toMatchObject({ code, signal: null, stderr: "" });
    expect(distinct(receiver)).toEqual(all);
    expect(receiver.metric("slipstream_open_positions")?.gauge?.dataPoints[0]?.asDouble).toBe(3);
    const up = receiver.metrics.findLast(({ name }) => name === "slipstream_process_up");
    expect(up?.gauge?.dataPoints[0]?.asDouble).toBe(0);
  });

  test.each(["uncaught", "rejection"])("%s error: exit code 1 and Node's own stack trace", async (ending) => {
    await using receiver = await Receiver.start();
    const end = await runToEnd(receiver.url, ending);
    expect(end).toMatchObject({ code: 1, signal: null });
    expect(end.stderr).toMatch(
      /service\.main\.ts:\d+\n[\s\S]*RangeError: the service's own mistake\n {4}at /,
    );
    expect(end.stderr).toMatch(/Node\.js v\d+/);
    expect(distinct(receiver)).toEqual(all);
    expect(receiver.metric("slipstream_open_positions")).toBeDefined();
  });

  test.each(["SIGTERM", "SIGINT"] as const)("%s: dies by that signal", async (signal) => {
    await using receiver = await Receiver.start();
    const child = startChild([receiver.url, String(SPANS), "by-signal"]);
    await child.ready;
    child.process.kill(signal);
    expect(await child.end).toMatchObject({ code: null, signal, stderr: "" });
    expect(distinct(receiver)).toEqual(all);
    expect(receiver.metric("slipstream_open_positions")).toBeDefined();
  });

  test("SIGTERM with a listener of the service's own, even one that was there first: it decides when to exit", async () => {
    await using receiver = await Receiver.start();
    const child = startChild([receiver.url, String(SPANS), "own-listener"]);
    await child.ready;
    child.process.kill("SIGTERM");
    expect(await child.end).toMatchObject({ code: 5, signal: null });
    expect(distinct(receiver)).toEqual(all);
  });

  test("SIGTERM next to a listener of signal-exit, which leaves the exit to others too", async () => {
    await using receiver = await Receiver.start();
    const child = startChild([receiver.url, String(SPANS), "signal-exit"]);
    await child.ready;
    child.process.kill("SIGTERM");
    expect(await child.end).toMatchObject({ code: null, signal: "SIGTERM" });
    expect(distinct(receiver)).toEqual(all);
  });

  test("SIGTERM with two set-ups in one process", async () => {
    await using receiver = await Receiver.start();
    const child = startChild([receiver.url, String(SPANS), "two-set-ups"]);
    await child.ready;
    child.process.kill("SIGTERM");
    expect(await child.end).toMatchObject({ code: null, signal: "SIGTERM" });
    expect(distinct(receiver)).toEqual(all);
  });

  test("a span that ends in the service's own 'beforeExit'", async () => {
    await using receiver = await Receiver.start();
    expect(await runToEnd(receiver.url, "late-spans")).toMatchObject({ code: 0 });
    expect(distinct(receiver)).toEqual([...all, SPANS + 1]);
  });
});

describe.concurrent("nobody answers", () => {
  test.each([
    ["natural", 0],
    ["process.exit", 7],
    ["uncaught", 1],
  ])(
    "%s: gives up on a receiver that is down, says so once, and how many spans are lost",
    async (ending, code) => {
      await using receiver = await Receiver.reserved();
      const end = await runToEnd(receiver.url, ending);
      expect(end).toMatchObject({ code, signal: null });
      const lines = end.stderr.split("\n").filter((line) => line.startsWith("slipstream: "));
      const cannot = /^slipstream: Cannot send telemetry of child to http:\/\/127\.0\.0\.1:/;
      expect(lines.filter((line) => cannot.test(line))).toHaveLength(1);
      expect(lines.filter((line) => line.includes("Lost: up to 1,000 spans"))).toHaveLength(1);
    },
  );

  test("SIGTERM long after the outage was reported: one more line says how many spans are lost", async () => {
    await using receiver = await Receiver.reserved();
    const child = startChild([receiver.url, "10", "by-signal", "500"]);
    await child.ready;
    await eventually("the outage is reported", () => child.stderr().includes("Cannot send"));
    child.process.kill("SIGTERM");
    const { stderr } = await child.end;
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringContaining("Cannot send telemetry of child"),
      expect.stringMatching(/^slipstream: Lost: up to 10 spans, because sending telemetry of child to /),
    ]);
  });

  test.each(["natural", "process.exit"])("%s: nothing on stderr with silent: true", async (ending) => {
    await using receiver = await Receiver.reserved();
    const args = [receiver.url, "10", ending];
    const { stderr } = await startChild(args, "service.main.ts", [], { TEST_SILENT: "1" }).end;
    expect(stderr).toBe("");
  });

  test("a wrong token at the end is reported", async () => {
    await using receiver = await Receiver.start(() => ({ status: 401 }));
    const { stderr } = await runToEnd(receiver.url, "process.exit");
    expect(stderr).toMatch(/^slipstream: Cannot send telemetry of child to .*\n$/);
  });

  test.each(["natural", "uncaught"])(
    "%s: gives up on a receiver that hangs, long before the request times out",
    async (ending) => {
      await using receiver = await Receiver.start(() => ({ hang: true }));
      const end = await runToEnd(receiver.url, ending, "500");
      expect(end.code).toBe(ending === "natural" ? 0 : 1);
    },
  );

  test("a second SIGTERM ends it at once", async () => {
    await using receiver = await Receiver.start(() => ({ hang: true }));
    const child = startChild([receiver.url, String(SPANS), "patient"]);
    await child.ready;
    // Repeatedly, because two that arrive at the same time count as one.
    const again = setInterval(() => child.process.kill("SIGTERM"), 100);
    expect(await child.end).toMatchObject({ code: null, signal: "SIGTERM" });
    clearInterval(again);
  });
});
