import { describe, expect, it } from "vitest";
import { keepingLogger } from "../../testing/channel-test.ts";
import { lowAvoidance, messageOf, nodeLatency } from "../../testing/transitions.ts";
import { createConsole } from "./console.ts";

const signal = new AbortController().signal;

describe("the console", () => {
  it("prints text for people, in the form of the contracts", async () => {
    const printed: string[] = [];
    const { logger, lines } = keepingLogger();
    const channel = createConsole("console", { logger, print: (text) => printed.push(text) });
    expect(await channel.send(messageOf([nodeLatency]), signal)).toEqual({ outcome: "delivered" });
    expect(printed).toEqual([
      `[CRITICAL] High Node Latency Detected
Solana node P99 latency is 245ms (threshold: 200ms)
Impact: Circuit breaker may activate
Action: Check node health or switch to backup

`,
    ]);
    expect(lines).toEqual([]);
  });

  it("writes to the log, with a level, if nobody reads it", async () => {
    const { logger, lines } = keepingLogger();
    const channel = createConsole("console", { logger });
    const resolved = { ...nodeLatency, kind: "resolved", key: "node-latency/1/2" } as const;
    const summary = { ...lowAvoidance, kind: "happened", severity: "info" } as const;
    await channel.send(messageOf([nodeLatency, lowAvoidance, resolved, summary], { more: 3 }), signal);
    expect(lines).toMatchObject([
      {
        level: "error",
        message: "[CRITICAL] High Node Latency Detected",
        details: {
          key: "node-latency/1/1",
          text: expect.arrayContaining(["Impact: Circuit breaker may activate"]),
        },
      },
      { level: "warn", message: "[WARNING] Low MEV Avoidance Rate" },
      { level: "info", message: "[RESOLVED] High Node Latency Detected" },
      { level: "info", message: "[INFO] Low MEV Avoidance Rate" },
      { level: "warn", details: { more: 3 } },
    ]);
  });
});
