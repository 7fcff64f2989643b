import { eventually } from "@slipstream/testing/eventually";
import { Receiver } from "@slipstream/testing/otlp-receiver";
import { type DecodedSpan, plain } from "@slipstream/testing/otlp-requests";
import { type PostgresServer, startPostgres } from "@slipstream/testing/postgres-server";
import { type QuestDbServer, startQuestDb } from "@slipstream/testing/questdb-server";
import { type RedisServer, startRedis } from "@slipstream/testing/redis-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startService } from "../../../testing/auto-service.ts";

let postgres: PostgresServer;
let redis: RedisServer;
let questdb: QuestDbServer;
beforeAll(async () => {
  [postgres, redis, questdb] = await Promise.all([startPostgres(), startRedis(), startQuestDb()]);
}, 120_000);
afterAll(() => Promise.all([postgres, redis, questdb].map((server) => server.close())));

const stores = () => ({ PG: postgres.url, REDIS: redis.url, QDB: questdb.conf });

async function afresh(): Promise<void> {
  await redis.command("flushall");
  const { Client } = await import("pg");
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  await client.query("DROP TABLE IF EXISTS orders");
  await client.end();
}

test.each(["store-calls.mjs", "store-calls.cjs"])(
  "%s: spans of its calls, and the same results",
  async (file) => {
    await using receiver = await Receiver.start();
    await afresh();
    const without = await startService(file, stores(), { flags: [] }).end;
    await afresh();
    const service = await startService(file, { ...stores(), OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }).end;
    expect(service).toMatchObject({ code: 0, stderr: "" });
    expect(withoutLog(service.stdout)).toEqual(withoutLog(without.stdout));

    const calls = receiver.spans.map(callOf).sort();
    expect(calls).toEqual(
      [
        ...["CREATE orders", "SELECT orders", "SELECT", "SELECT", "BEGIN", "ROLLBACK", "SELECT orders"].map(
          (name) => `${name} postgresql`,
        ),
        "db.write postgresql INSERT orders",
        "db.write postgresql UPDATE orders",
        ...["SET", "INCR", "INCR", "INCR", "PUBLISH"].map((command) => `db.write redis ${command}`),
        "db.write questdb write 3",
      ].sort(),
    );
    const failed = receiver.spans.filter(({ status }) => status?.code === 2);
    expect(failed.map(({ attributes }) => plain(attributes)["error.type"]).sort()).toEqual([
      "22P02",
      "timeout",
    ]);
    expect(JSON.stringify(receiver.spans)).not.toContain("canary");

    const writes = receiver.metric("database_write_latency_seconds")?.histogram?.dataPoints[0];
    expect(Number(writes?.count)).toBe(8);
    expect(gauge(receiver, "active_connections")).toEqual({
      postgres: 0,
      redis: 0,
      questdb: expect.any(Number),
    });
    expect(gauge(receiver, "slipstream_dependency_up")).toEqual({ postgres: 1, redis: 1, questdb: 1 });
  },
);

test("a store is up after a success, down after failures, and unknown before", async () => {
  await using receiver = await Receiver.start();
  const service = startService("states.mjs", {
    ...stores(),
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_METRIC_EXPORT_INTERVAL: "100",
  });
  await service.ready;
  const up = (wanted: Record<string, number>) => () =>
    JSON.stringify(Object.entries(gauge(receiver, "slipstream_dependency_up")).sort()) ===
    JSON.stringify(Object.entries(wanted).sort());
  await eventually("both are up", up({ postgres: 1, redis: 1 }), 30_000);
  expect(gauge(receiver, "active_connections")).toEqual({ postgres: 1, redis: 1 });
  await postgres.kill();
  await eventually("PostgreSQL is down", up({ postgres: 0, redis: 1 }), 30_000);
  await redis.kill();
  await eventually("both are down", up({ postgres: 0, redis: 0 }), 30_000);
  expect(gauge(receiver, "active_connections")).toEqual({ postgres: 0, redis: 0 });
  await Promise.all([postgres.restart(), redis.restart()]);
  await eventually("both are up again", up({ postgres: 1, redis: 1 }), 30_000);
  service.process.kill("SIGTERM");
  expect(await service.end).toMatchObject({ signal: "SIGTERM" });
});

test("beside an SDK of the service's own: its spans stay its own, ours join its traces", async () => {
  await using receiver = await Receiver.start();
  const service = await startService("own-sdk.mjs", {
    REDIS: redis.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  }).end;
  expect(service.code).toBe(0);
  const [own, command]: { own: string; traceId: string }[] = service.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect([own?.own, command?.own]).toEqual(["own work", "SET"]);
  expect(receiver.spans.map(({ name }) => name)).toEqual(["db.write"]);
  expect(hex(receiver.spans[0]?.traceId)).toBe(own?.traceId);
  // Both count in the service's metric; the second has a span of the other SDK's.
  const writes = receiver.metric("database_write_latency_seconds")?.histogram?.dataPoints[0];
  expect(Number(writes?.count)).toBe(2);
  expect(service.stderr.trim().split("\n")).toEqual([
    expect.stringContaining("The service has an OpenTelemetry SDK of its own"),
  ]);
});

function callOf({ name, attributes }: DecodedSpan): string {
  const { "db.system.name": system, "db.query.summary": summary, ...rest } = plain(attributes);
  const what = name === "db.write" ? (summary ?? rest["db.operation.name"]) : undefined;
  return [name, system, what, rest["db.operation.batch.size"]].filter((part) => part !== undefined).join(" ");
}

/** By type. */
function gauge(receiver: Receiver, name: string): Record<string, number> {
  const points = receiver.metric(name)?.gauge?.dataPoints ?? [];
  return Object.fromEntries(
    points.map(({ attributes, asDouble }) => [String(plain(attributes).type), Number(asDouble)]),
  );
}

function withoutLog(stdout: string): readonly string[] {
  return stdout.split("\n").filter((line) => !line.includes("outside of a trace"));
}

function hex(bytes: unknown): string {
  return bytes instanceof Uint8Array
    ? Buffer.from(bytes).toString("hex")
    : Buffer.from(String(bytes), "base64").toString("hex");
}
