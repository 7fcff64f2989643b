import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { expect, onTestFinished, test } from "vitest";
import { createAggregator } from "./aggregator.ts";
import type { Aggregator } from "./aggregator-options.ts";
import { canMount, makeDirectory, mountDisk, removeDirectory } from "./log/testing/folder.ts";

interface Running {
  readonly aggregator: Aggregator;
  readonly data: string;
  readonly lines: string[];
}

async function running(data: string): Promise<Running> {
  const lines: string[] = [];
  const note = (fields: object, message: string): void =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  const aggregator = await createAggregator({
    dataDir: data,
    port: 0,
    logger: { info() {}, warn: note, error: note },
  });
  onTestFinished(() => aggregator.close());
  return { aggregator, data, lines };
}

function dataFolder(): string {
  const parent = makeDirectory();
  onTestFinished(() => removeDirectory(parent));
  const data = join(parent, "data");
  mkdirSync(data);
  return data;
}

let sent = 0;

/** Sends a span, and answers with the status. */
async function send({ url }: Aggregator): Promise<number> {
  sent += 1;
  const nowNs = String(Date.now() * 1e6);
  const span = {
    traceId: sent.toString(16).padStart(32, "0"),
    spanId: sent.toString(16).padStart(16, "0"),
    name: "trade.execute",
    startTimeUnixNano: nowNs,
    endTimeUnixNano: nowNs,
  };
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "desk" } }] };
  const response = await fetch(`${url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
  });
  await response.arrayBuffer();
  return response.status;
}

async function readiness({ url }: Aggregator): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, text: await response.text() };
}

const received = ({ aggregator }: Running) => aggregator.current().services.desk?.received ?? 0;

const segmentIn = (data: string): string => {
  const file = readdirSync(join(data, "log")).find((name) => name.endsWith(".segment"));
  if (file === undefined) throw new Error("The log has no segment.");
  return join(data, "log", file);
};

const removals: readonly (readonly [string, (data: string) => void, RegExp])[] = [
  ["its segment is deleted", (data) => rmSync(segmentIn(data)), /\.segment is gone/],
  [
    "its segment is replaced by a copy",
    (data) => {
      const file = segmentIn(data);
      cpSync(file, `${file}.copy`);
      renameSync(`${file}.copy`, file);
    },
    /is another one/,
  ],
  ["the folder is deleted", (data) => rmSync(data, { recursive: true }), /is gone/],
  [
    "the folder is moved and another put there",
    (data) => {
      renameSync(data, `${data}.old`);
      mkdirSync(data);
    },
    /is another one/,
  ],
  ["the lock is deleted", (data) => rmSync(join(data, "aggregator.lock")), /aggregator\.lock is gone/],
  ["the state is deleted", (data) => rmSync(join(data, "state.sqlite")), /state\.sqlite is gone/],
];

test.each(removals)(
  "%s: nothing more is acknowledged, /readyz says why, and a restart works",
  async (_, remove, expected) => {
    const data = dataFolder();
    const first = await running(data);
    expect(await send(first.aggregator)).toBe(200);
    expect(received(first)).toBeGreaterThan(0);
    remove(data);
    await eventually(
      "/readyz says so",
      async () => {
        const { status, text } = await readiness(first.aggregator);
        return status === 503 && expected.test(text);
      },
      3_000,
    );
    expect(await send(first.aggregator)).toBe(503);
    expect(first.lines.filter((line) => expected.test(line))).not.toEqual([]);
    await first.aggregator.close();
    const second = await running(data);
    expect((await readiness(second.aggregator)).status).toBe(200);
    expect(await send(second.aggregator)).toBe(200);
  },
);

test("a deletion between two requests: the second is not acknowledged, however soon it comes", async () => {
  const { aggregator, data } = await running(dataFolder());
  for (let round = 0; round < 5; round++) expect(await send(aggregator)).toBe(200);
  rmSync(segmentIn(data));
  expect(await send(aggregator)).toBe(503);
});

test("what was acknowledged before the log was deleted is kept by a checkpoint", async () => {
  const data = dataFolder();
  const first = await running(data);
  await send(first.aggregator);
  const before = received(first);
  rmSync(join(data, "log"), { recursive: true });
  await eventually("/readyz says so", async () => (await readiness(first.aggregator)).status === 503);
  await first.aggregator.close();
  expect(received(await running(data))).toBe(before);
});

test("a folder that is moved back: it goes on, and a request that was refused counts once", async () => {
  const data = dataFolder();
  const first = await running(data);
  await send(first.aggregator);
  const each = received(first);
  renameSync(data, `${data}.aside`);
  await eventually("/readyz says so", async () => (await readiness(first.aggregator)).status === 503);
  expect(await send(first.aggregator)).toBe(503);
  renameSync(`${data}.aside`, data);
  await eventually("it is ready again", async () => (await readiness(first.aggregator)).status === 200);
  expect(await send(first.aggregator)).toBe(200);
  expect(received(first)).toBe(2 * each);
});

test.skipIf(!canMount())("another file system is mounted over the folder, and taken away again", async () => {
  const data = dataFolder();
  const first = await running(data);
  expect(await send(first.aggregator)).toBe(200);
  mountDisk(data, "1m");
  try {
    await eventually(
      "/readyz says so",
      async () => (await readiness(first.aggregator)).status === 503,
      3_000,
    );
    expect(await send(first.aggregator)).toBe(503);
    expect(readdirSync(data)).toEqual([]);
  } finally {
    execFileSync("umount", [data]);
  }
  await eventually("it is ready again", async () => (await readiness(first.aggregator)).status === 200);
  expect(await send(first.aggregator)).toBe(200);
});

test("a second aggregator on a folder whose lock was deleted: only one of them acknowledges", async () => {
  const data = dataFolder();
  const first = await running(data);
  await send(first.aggregator);
  rmSync(join(data, "aggregator.lock"));
  const second = await running(data);
  expect(await send(first.aggregator)).toBe(503);
  expect(await send(second.aggregator)).toBe(200);
});
