import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type Rule, shippedRules } from "@slipstream/alerts";
import { eventually } from "@slipstream/testing/eventually";
import { listening } from "@slipstream/testing/listening";
import { watchThreads } from "@slipstream/testing/threads";
import { freePort } from "slipstream-stack/free-port";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { createAggregator } from "../aggregator.ts";
import type { Aggregator, AggregatorOptions } from "../aggregator-options.ts";
import { makeDirectory, removeDirectory } from "../log/testing/folder.ts";

// A real aggregator, a real receiver, and everything between a record and a notification.

let dataDir: string;
beforeEach(() => {
  dataDir = makeDirectory();
});
afterEach(() => removeDirectory(dataDir));

interface Notification {
  readonly type: string;
  readonly key: string;
  readonly text: string;
}

interface Hook {
  readonly url: string;
  readonly got: readonly Notification[];
  /** What it answers from now on. */
  status: number;
  /** Kinds of what came, repeats of a key dropped. */
  kinds(): readonly string[];
}

async function startHook(): Promise<Hook> {
  const got: Notification[] = [];
  const take = (headers: IncomingHttpHeaders, body: { type: string; data: { text: string } }): void =>
    void got.push({ type: body.type, key: String(headers["idempotency-key"]), text: body.data.text });
  const hook = {
    url: "",
    got,
    status: 200,
    kinds: () => [...new Map(got.map(({ key, type }) => [key, type])).values()],
  };
  const server = createServer((request, response) => {
    const { headers } = request;
    void json(request).then((body) => {
      if (hook.status === 200) take(headers, body as Parameters<typeof take>[1]);
      response.writeHead(hook.status).end();
    });
  });
  hook.url = `http://127.0.0.1:${await listening(server)}`;
  return hook;
}

/** The shipped rule of the circuit breaker, which clears at once. */
const rules: readonly Rule[] = shippedRules().map((rule) =>
  rule.id === "circuit-breaker-open" ? { ...rule, clearForSeconds: 0 } : rule,
);
const ID = "circuit-breaker-open";

async function start(hook: Hook, options: Partial<AggregatorOptions> = {}): Promise<Aggregator> {
  const channels = { hook: { type: "webhook", url: hook.url } } as const;
  const aggregator = await createAggregator({ dataDir, port: 0, rules, channels, ...options });
  onTestFinished(() => aggregator.close());
  return aggregator;
}

/** Reports the state of the desk's circuit breaker: 0 closed, 1 open; and a span, up to which time has then passed. */
async function breaker(url: string, state: 0 | 1): Promise<void> {
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "desk" } }] };
  const nowNano = `${Date.now()}000000`;
  const metrics = [
    {
      name: "circuit_breaker_state",
      gauge: { dataPoints: [{ timeUnixNano: nowNano, asInt: String(state) }] },
    },
  ];
  const times = { startTimeUnixNano: nowNano, endTimeUnixNano: nowNano };
  const span = {
    traceId: randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    name: "beat",
  };
  await ask(url, "POST", "/v1/metrics", { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] });
  await ask(url, "POST", "/v1/traces", {
    resourceSpans: [{ resource, scopeSpans: [{ spans: [{ ...span, ...times }] }] }],
  });
}

async function ask(
  url: string,
  method: string,
  path: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const headers = { "content-type": "application/json" };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await fetch(url + path, init);
  return (await response.json()) as Record<string, unknown>;
}

async function firing(url: string): Promise<number> {
  const { states } = await ask(url, "GET", "/api/alerts");
  return (states as { firing: number }).firing;
}

test("an alert fires, is acknowledged and resolves: each is on the receiver soon, and on /api/alerts", async () => {
  const hook = await startHook();
  const { url } = await start(hook);
  const sentMs = performance.now();
  await breaker(url, 1);
  await eventually("it fires", () => hook.kinds().length === 1);
  const tookMs = performance.now() - sentMs;
  expect(hook.got[0]).toMatchObject({
    type: "alert.firing",
    key: expect.stringMatching(/^circuit-breaker-open\/\d+\/1$/),
    text: expect.stringMatching(/^\[CRITICAL\] Circuit Breaker Open\nThe circuit breaker is open\nImpact: /),
  });
  // Generous: the machine may be busy.
  expect(tookMs).toBeLessThan(5_000);
  expect(await ask(url, "GET", "/api/alerts")).toMatchObject({
    states: { firing: 1 },
    channels: { hook: { up: true, outcomes: { delivered: 1 } }, console: { up: true } },
  });
  const acknowledged = await ask(url, "POST", `/api/alerts/${ID}/acknowledge`, {
    by: "ana",
    comment: "on it",
  });
  expect(acknowledged).toMatchObject({ id: ID, acknowledged: { by: "ana" } });
  await eventually("it is acknowledged", () => hook.kinds().length === 2);
  await breaker(url, 0);
  await eventually("it resolves", () => hook.kinds().length === 3);
  expect(hook.kinds()).toEqual(["alert.firing", "alert.acknowledged", "alert.resolved"]);
  expect(hook.got).toHaveLength(3);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain('slipstream_notifications{channel="hook",outcome="delivered"} 3');
  expect(metrics).toContain('slipstream_channel_up{channel="hook"} 1');
});

test("a silence mutes it and survives a restart; ended, it lets the alert out at once", async () => {
  const hook = await startHook();
  const first = await start(hook);
  const made = await ask(first.url, "POST", "/api/silences", { matchers: `alertname=${ID}`, duration: "1h" });
  await breaker(first.url, 1);
  await eventually("it fires", async () => {
    const { alerts } = await ask(first.url, "GET", "/api/alerts");
    return (alerts as { state: string; silencedBy: unknown }[]).some(
      ({ silencedBy }) => silencedBy === made.id,
    );
  });
  await first.close();
  const { url } = await start(hook);
  expect(await ask(url, "GET", "/api/silences")).toEqual({ silences: [made] });
  expect(hook.got).toEqual([]);
  expect(await ask(url, "DELETE", `/api/silences/${String(made.id)}`)).toMatchObject({ id: made.id });
  await eventually("it is told", () => hook.kinds().length === 1);
  expect(hook.kinds()).toEqual(["alert.firing"]);
});

test("the end of the state's thread between a firing and its delivery loses nothing", async () => {
  const threads = watchThreads();
  onTestFinished(() => threads.stop());
  const hook = await startHook();
  hook.status = 500;
  const first = await start(hook);
  await breaker(first.url, 1);
  await eventually("it is tried", async () => {
    const { channels } = await ask(first.url, "GET", "/api/alerts");
    return (channels as { hook: { up: unknown } }).hook.up === false;
  });
  await threads.kill("slipstream-state");
  await breaker(first.url, 0);
  await eventually("it has resolved", async () => {
    const { channels } = await ask(first.url, "GET", "/api/alerts");
    return (channels as { hook: { queueItems: number } }).hook.queueItems === 2;
  });
  await first.close();
  hook.status = 200;
  await start(hook);
  await eventually("both are there", () => hook.kinds().length === 2);
  expect(hook.kinds()).toEqual(["alert.firing", "alert.resolved"]);
});

test("an aggregator that is killed delivers what it had not, each with the same key", async () => {
  const hook = await startHook();
  const script = fileURLToPath(new URL("testing/aggregator.main.ts", import.meta.url));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const run = () => {
    const args = ["--conditions=slipstream-source", script, dataDir, String(port), hook.url];
    const child = spawn(process.execPath, args, { stdio: "inherit" });
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  };
  const started = () => eventually("it listens", async () => (await fetch(`${url}/healthz`)).status === 200);
  const states: readonly (readonly [status: number, state: 0 | 1])[] = [
    [500, 1],
    [200, 0],
    [500, 1],
    [500, 0],
    [200, 1],
  ];
  for (const [status, state] of states) {
    hook.status = status;
    const child = run();
    await started();
    await breaker(url, state);
    // At once: what came of it may not be in the outbox yet.
    await eventually("the alert has changed", async () => (await firing(url)) === state);
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("exit", resolve));
  }
  hook.status = 200;
  run();
  await started();
  await breaker(url, 0);
  const expected = ["firing", "resolved", "firing", "resolved", "firing", "resolved"].map(
    (kind) => `alert.${kind}`,
  );
  await eventually("all are there", () => hook.kinds().length >= expected.length, 60_000);
  expect(hook.kinds()).toEqual(expected);
});
