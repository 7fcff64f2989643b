import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { attribute, spanName } from "@slipstream/conventions";
import { builtBlock, simpleSwap } from "@slipstream/testing/build-block";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { Receiver } from "@slipstream/testing/otlp-receiver";
import { plain } from "@slipstream/testing/otlp-requests";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { createAggregator } from "../aggregator.ts";
import type { Aggregator, AggregatorOptions } from "../aggregator-options.ts";

let dataDir: string;
let blocksDir: string;
let receiver: Receiver;

beforeEach(async () => {
  dataDir = testFolder();
  blocksDir = testFolder();
  receiver = await Receiver.start();
  onTestFinished(() => receiver.close());
});

async function start(options: Partial<AggregatorOptions> = {}): Promise<Aggregator> {
  const tracesEndpoint = receiver.url;
  const aggregator = await createAggregator({ dataDir, blocksDir, port: 0, tracesEndpoint, ...options });
  onTestFinished(() => aggregator.close());
  return aggregator;
}

/** Sends a trade of a slot, and puts its block and the slots around it into the folder, so that its verdict becomes final. */
async function judge({ url }: Aggregator, slot: number): Promise<void> {
  const signature = `own${slot}`;
  const own = JSON.stringify(builtBlock(simpleSwap({ signatures: [signature] })));
  // No blocks around it: the chain goes on without any.
  for (let at = slot - 40; at <= slot + 40; at += 1)
    writeFileSync(join(blocksDir, `${at}.json`), at === slot ? own : "null");
  const endTimeUnixNano = `${Date.now()}000000`;
  const attributes = [
    { key: attribute.tradeId, value: { stringValue: `t${slot}` } },
    { key: attribute.tradeStatus, value: { stringValue: "success" } },
    { key: attribute.solanaSignature, value: { stringValue: signature } },
    { key: attribute.solanaSlot, value: { intValue: String(slot) } },
  ];
  const span = {
    traceId: String(slot).padStart(32, "0"),
    spanId: String(slot).padStart(16, "0"),
    name: spanName.tradeExecute,
    startTimeUnixNano: endTimeUnixNano,
    endTimeUnixNano,
    attributes,
  };
  const response = await fetch(`${url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  expect(response.status).toBe(200);
}

const sent = (): unknown[] => receiver.spans.map(({ attributes }) => plain(attributes)[attribute.tradeId]);
const queueOf = (aggregator: Aggregator): number | undefined => aggregator.sinks().traces?.queueItems;

test("a final verdict is sent once, across restarts and an outage of the receiver", async () => {
  const first = await start();
  await judge(first, 1_000);
  await eventually("the first is sent", () => sent().includes("t1000"), 20_000);
  expect(receiver.spans[0]).toMatchObject({
    name: "mev.verdict",
    traceId: Buffer.from("1000".padStart(32, "0"), "hex").toString("base64"),
  });
  await receiver.close();
  await judge(first, 2_000);
  await eventually("the second waits", () => queueOf(first) === 1, 20_000);
  await eventually("the sink is down", () => first.sinks().traces?.up === false);
  await first.close();

  const second = await start();
  await receiver.listen();
  await eventually("the second is sent", () => sent().includes("t2000"), 20_000);
  await judge(second, 3_000);
  await eventually("the third is sent", () => sent().includes("t3000"), 20_000);
  await eventually("nothing waits", () => queueOf(second) === 0);
  expect(sent()).toEqual(["t1000", "t2000", "t3000"]);
  expect(second.sinks().traces).toMatchObject({ up: true, dropped: 0 });
  const metrics = await (await fetch(`${second.url}/metrics`)).text();
  expect(metrics).toContain('slipstream_sink_up{sink="traces"} 1');
});

test("what was judged before the endpoint was configured is not sent, nor what is computed again from the log", async () => {
  const without = await start({ tracesEndpoint: undefined });
  await judge(without, 1_000);
  await eventually(
    "judged",
    async () => {
      const page = await (await fetch(`${without.url}/metrics`)).text();
      return /slipstream_mev_trades\{.*state="final".*\} 1/.test(page);
    },
    20_000,
  );
  await without.close();
  const aggregator = await start();
  await judge(aggregator, 2_000);
  await eventually("the new one is sent", () => sent().length > 0, 20_000);
  expect(sent()).toEqual(["t2000"]);
});

test("an aggregator that gets its own spans back counts none of them, and sends no more", async () => {
  const aggregator = await start();
  await judge(aggregator, 1_000);
  await eventually("sent", () => sent().length === 1, 20_000);
  const before = aggregator.current().services;
  const span = receiver.spans[0];
  const id = (base64 = ""): string => Buffer.from(base64, "base64").toString("hex");
  const own = {
    resource: { attributes: [{ key: "service.name", value: { stringValue: "slipstream-aggregator" } }] },
    scopeSpans: [
      {
        spans: [
          {
            ...{ traceId: id(span?.traceId), spanId: id(span?.spanId), name: span?.name },
            startTimeUnixNano: span?.startTimeUnixNano,
            endTimeUnixNano: span?.endTimeUnixNano,
            attributes: [{ key: attribute.solanaSignature, value: { stringValue: "own1000" } }],
          },
        ],
      },
    ],
  };
  const answer = await fetch(`${aggregator.url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [own] }),
  });
  expect(answer.status).toBe(200);
  await judge(aggregator, 2_000);
  await eventually("the next one", () => sent().length === 2, 20_000);
  expect(sent()).toEqual(["t1000", "t2000"]);
  expect(Object.keys(aggregator.current().services)).toEqual(Object.keys(before));
});
