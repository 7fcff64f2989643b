import { createServer } from "node:http";
import { createAggregator, IN_MEMORY } from "@slipstream/aggregator";
import { listening } from "@slipstream/testing/listening";
import { expect, it, onTestFinished } from "vitest";
import { AggregatorClient } from "../client/aggregator-client.ts";
import { checkAggregator, type OwnFolder } from "./check-aggregator.ts";

async function check(allowedHosts: readonly string[]) {
  const { port, close } = await createAggregator({ dataDir: IN_MEMORY, port: 0, allowedHosts });
  onTestFinished(close);
  // Leads to this machine, and is not a name of loopback.
  return checkAggregator(new AggregatorClient({ endpoint: `http://0.0.0.0:${port}` }), undefined);
}

it("says that the aggregator does not answer to a host name, and which option allows it", async () => {
  const { running, findings } = await check([]);
  expect(running).toBe(false);
  expect(findings).toMatchObject([
    {
      outcome: "bad",
      text: expect.stringContaining("does not answer to the host name 0.0.0.0"),
      remedy: expect.stringContaining("allowedHosts (SLIPSTREAM_ALLOWED_HOSTS)"),
    },
  ]);
});

it("finds it alive once the name is allowed", async () => {
  const { running, findings } = await check(["0.0.0.0"]);
  expect(running).toBe(true);
  expect(findings).toMatchObject([{ outcome: "ok", text: expect.stringContaining("is alive and ready") }]);
});

it("says whose it is at the configuration's own address, and that it uses another data folder", async () => {
  const { url, close } = await createAggregator({ dataDir: IN_MEMORY, port: 0 });
  onTestFinished(close);
  const client = new AggregatorClient({ endpoint: url });
  const { instance } = await client.readiness();
  const own = { path: "/data", instance: "another", demo: undefined };
  const textsOf = async (folder: OwnFolder) =>
    (await checkAggregator(client, folder)).findings.map(({ outcome, text }) => [outcome, text]);
  expect(await textsOf({ ...own, instance })).toEqual([
    ["ok", `${url} is alive and ready, with the data folder /data`],
  ]);
  expect(await textsOf({ ...own, demo: instance })).toEqual([
    ["ok", `${url} is alive and ready, and is the demo`],
  ]);
  expect(await textsOf(own)).toEqual([
    ["ok", `${url} is alive and ready`],
    ["warn", expect.stringContaining("uses another data folder than /data")],
  ]);
});

it.each([
  [-60, "its times are (60.0|59.9|59.8) s ahead of its machine's clock"],
  [600, "its machine's clock has jumped ahead by 600.0 s"],
])("says what it does after the machine's clock was set by %s s", async (seconds, text) => {
  let setMs = 0;
  const monotonicMs = (): number => performance.now();
  const clocks = { monotonicMs, bootMs: monotonicMs, wallMs: () => Date.now() + setMs };
  const { url, close } = await createAggregator({ dataDir: IN_MEMORY, port: 0, clocks });
  onTestFinished(close);
  setMs = seconds * 1_000;
  const { findings } = await checkAggregator(new AggregatorClient({ endpoint: url }), undefined);
  expect(findings).toContainEqual(
    expect.objectContaining({ outcome: "warn", text: expect.stringMatching(text) }),
  );
});

it.each([
  ["answers 200 to anything", 200],
  ["answers 404", 404],
])("says that it is no Slipstream: a program that %s", async (_, status) => {
  const server = createServer((_, response) => response.writeHead(status).end("<html>"));
  const endpoint = `http://127.0.0.1:${await listening(server)}`;
  const found = await checkAggregator(new AggregatorClient({ endpoint }), undefined);
  expect(found).toMatchObject({
    running: false,
    findings: [
      {
        outcome: "bad",
        text: expect.stringMatching(/^http:.* is no Slipstream aggregator: another program/),
      },
    ],
  });
});

it("names what is sent the wrong way, with the remedy", async () => {
  const { url, close } = await createAggregator({ dataDir: IN_MEMORY, port: 0 });
  onTestFinished(close);
  for (const path of ["/v1/logs", "/v1/logs", "/v1/traces/"]) {
    await fetch(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
  }
  const { findings } = await checkAggregator(new AggregatorClient({ endpoint: url }), undefined);
  const wrong = findings.filter(({ text }) => text.includes("sent the wrong way"));
  expect(wrong).toMatchObject([
    {
      outcome: "warn",
      text: expect.stringContaining("2 requests sent the wrong way (logs)"),
      remedy: expect.stringContaining("OTEL_LOGS_EXPORTER=none"),
    },
    { outcome: "ok", text: expect.stringContaining("1 request sent the wrong way (path_slashes)") },
  ]);
});
