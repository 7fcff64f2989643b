import { createServer, type IncomingMessage } from "node:http";
import { eventually } from "@slipstream/testing/eventually";
import { listening } from "@slipstream/testing/listening";
import { watchThreads } from "@slipstream/testing/threads";
import { describe, expect, it, onTestFinished } from "vitest";
import type { PerformanceMonitorOptions } from "./monitor-options.ts";
import { PerformanceMonitor } from "./performance-monitor.ts";
import { closedPort, metricsWhere, report, startedMonitor } from "./testing/monitors.ts";

interface Received {
  readonly key: string;
  readonly rule: string;
  readonly kind: string;
  readonly desk: string;
}

/** Takes what a webhook is sent. It answers unless it hangs. */
async function receiver({
  hangs = false,
} = {}): Promise<{ url: string; received: Received[]; asked(): number }> {
  const received: Received[] = [];
  let asked = 0;
  const server = createServer((request: IncomingMessage, response) => {
    asked += 1;
    if (hangs) return;
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      received.push(JSON.parse(body).data);
      response.end();
    });
  });
  const port = await listening(server);
  return { url: `http://127.0.0.1:${port}/alerts`, received, asked: () => asked };
}

/** A monitor of a service that trades, for its time goes by trades; its circuit breaker is open. */
async function tradingMonitor(options: PerformanceMonitorOptions) {
  const monitor = await startedMonitor({ allowedLatenessMs: 0, ...options });
  const trading = setInterval(() => monitor.recordTradeExecution(performance.now() - 5, true), 100);
  onTestFinished(() => clearInterval(trading));
  monitor.setCircuitBreaker("open");
  return monitor;
}

const quickBreaker = [{ id: "circuit-breaker-open", clearFor: 0 }] as const;

describe("a monitor with channels", () => {
  it("notifies of what fires and resolves by the shipped rules, and prints only if it is asked to", async () => {
    const { url, received } = await receiver();
    const options = {
      serviceName: "arbitrage",
      rules: quickBreaker,
      channels: { hook: { type: "webhook", url } },
    } as const;
    const quiet = await tradingMonitor(options);
    const of = (rule: string) => received.filter((each) => each.rule === rule);
    await eventually("it fires", () => of("circuit-breaker-open").length === 1);
    quiet.setCircuitBreaker("closed");
    await eventually("it resolves", () => of("circuit-breaker-open").length === 2);
    expect(of("circuit-breaker-open").map(({ kind, desk }) => [kind, desk])).toEqual([
      ["firing", "arbitrage"],
      ["resolved", "arbitrage"],
    ]);
    expect(quiet.log).toEqual([]);
    const loud = await tradingMonitor({ rules: [], channels: { here: { type: "console" } } });
    const line = await eventually("it is logged", () =>
      loud.log.find((text) => text.includes("Circuit Breaker")),
    );
    expect(line).toMatch(/^error: \[CRITICAL\] Circuit Breaker Open\nThe circuit breaker is open\n/);
  });

  it("uses no key of an earlier run again, also after its thread has died", async () => {
    const threads = watchThreads();
    onTestFinished(() => threads.stop());
    const { url, received } = await receiver();
    await tradingMonitor({ rules: [], channels: { hook: { type: "webhook", url } } });
    await eventually("it fires", () => received.length === 1);
    await threads.kill("slipstream-engine");
    await eventually("it fires again, for nobody remembers", () => received.length === 2);
    const keys = received.map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
    expect(keys.toSorted()).toEqual(keys);
  });

  it("goes on when a channel hangs or is away, and stops in time", async () => {
    const { url, asked } = await receiver({ hangs: true });
    const away = `http://127.0.0.1:${await closedPort()}/secret-path`;
    const monitor = await tradingMonitor({
      rules: [],
      channels: { hangs: { type: "webhook", url }, away: { type: "webhook", url: away } },
    });
    await eventually("it is asked", () => asked() > 0);
    await eventually("it is logged", () => monitor.log.some((line) => line.includes("channel: away")));
    await metricsWhere(monitor, "trades are counted", ({ successRate }) => successRate === 100);
    const before = performance.now();
    await monitor.stop();
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(monitor.log.join("\n")).not.toContain("secret-path");
  });

  it("reports a secret that cannot be read, and goes on", async () => {
    const monitor = await startedMonitor({ channels: { ops: { type: "slack", urlEnv: "NO_SUCH_SECRET" } } });
    await eventually("it is logged", () =>
      monitor.log.some((line) => /^error: no notifications .*ops.*NO_SUCH_SECRET/.test(line)),
    );
    report(monitor, 10);
    const counted = await metricsWhere(
      monitor,
      "the trades are counted",
      ({ successRate }) => successRate === 90,
    );
    expect(counted.successRate).toBe(90);
  });

  it("sends nothing if it exports: the aggregator notifies", async () => {
    const { url, asked } = await receiver();
    const monitor = await tradingMonitor({
      endpoint: `http://127.0.0.1:${await closedPort()}`,
      rules: [],
      channels: { hook: { type: "webhook", url } },
    });
    await metricsWhere(
      monitor,
      "the breaker is known",
      ({ circuitBreakerState }) => circuitBreakerState === "open",
    );
    await monitor.stop();
    expect(asked()).toBe(0);
    expect(monitor.log).toContainEqual(
      expect.stringContaining("info: the aggregator that this service exports to evaluates"),
    );
  });

  it("says that nobody is notified without channels", async () => {
    const monitor = await startedMonitor({ rules: [] });
    expect(monitor.log).toEqual(["warn: there are rules of alerts, but no channels: nobody is notified"]);
  });
});

describe("wrong rules and channels", () => {
  const wrong = (options: unknown) => () => new PerformanceMonitor(options as PerformanceMonitorOptions);

  it("are refused when the monitor is made, all mistakes at once", () => {
    const rules = [
      { id: "circuit-braker-open", enabled: false },
      { id: "memory-high", fro: "5m", when: "memory_used > 5 ms" },
    ];
    for (const part of ["[0].id", "circuit-breaker-open", "[1].fro", "[1].when"])
      expect(wrong({ rules })).toThrow(part);
    const channels = { ops: { type: "slak" }, hook: { type: "webhook" }, log: { type: "file", path: 7 } };
    for (const part of ["channels.ops.type", "did you mean slack?", "channels.hook.url", "channels.log.path"])
      expect(wrong({ channels })).toThrow(part);
    expect(wrong({ mevBudgetUsdPerHour: -1 })).toThrow("mevBudgetUsdPerHour = -1");
    expect(wrong({ rules: "all" })).toThrow("rules");
  });

  it("a budget switches its rules on; a file of rules is the aggregator's", () => {
    const rules = [{ id: "mev-budget-hour", enabled: true }];
    expect(wrong({ rules })).toThrow("mev-budget-hour has no threshold");
    const lines: string[] = [];
    const logger = { info() {}, error() {}, warn: (line: string) => void lines.push(line) };
    expect(wrong({ rules, mevBudgetUsdPerHour: 100, rulesFile: "rules.yaml", logger })).not.toThrow();
    expect(lines).toEqual([
      "rulesFile has no effect in PerformanceMonitor: it is an option of the aggregator",
    ]);
  });
});
