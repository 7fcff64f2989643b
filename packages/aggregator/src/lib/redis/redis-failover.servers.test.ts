import { randomUUID } from "node:crypto";
import { dashboardKeys } from "@slipstream/conventions";
import { eventually } from "@slipstream/testing/eventually";
import {
  failOver,
  startedCluster,
  startedFloatingAddress,
  startedReplicas,
  startedSentinel,
} from "@slipstream/testing/redis-groups";
import type { RedisServer } from "@slipstream/testing/redis-server";
import { startedRedis } from "@slipstream/testing/started";
import { expect, onTestFinished, test } from "vitest";
import { createMemoryDashboards } from "../dashboards/memory-dashboards.ts";
import type { PublishingSink } from "../sinks/sink.ts";
import { processWriter } from "../writer/identity.ts";
import { WRITER_KEY } from "./redis-lease.ts";
import { createRedisSink } from "./redis-sink.ts";

interface Desk {
  readonly sink: PublishingSink;
  readonly lines: string[];
  publish(successRate: number): void;
}

/** An aggregator that writes dashboards to Redis. */
function desk(url: string, { name = "alpha", prefix }: { name?: string; prefix?: string } = {}): Desk {
  const lines: string[] = [];
  const note = (fields: object, message: string): void =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  const sink = createRedisSink(url, {
    prefix,
    writer: processWriter({ desk: name, run: randomUUID() }),
    repairFrom: () => createMemoryDashboards(),
    now: Date.now,
    logger: { info: note, warn: note, error: note },
  });
  onTestFinished(() => sink.close());
  return {
    sink,
    lines,
    publish: (successRate) => {
      const timeMs = Math.floor(Date.now() / 5_000) * 5_000;
      sink.publish([{ timeMs, values: { success_rate: successRate }, amended: true }]);
    },
  };
}

const rateIn = (server: RedisServer, prefix = "") => server.command("get", `${prefix}dashboard:success_rate`);

/** Publishes it, and waits until it is there. */
async function write(by: Desk, successRate: number, server: RedisServer): Promise<void> {
  by.publish(successRate);
  await eventually(`${successRate} is in Redis`, async () => (await rateIn(server)) === String(successRate));
  await eventually("the sink works", () => by.sink.status().up === true && by.sink.status().queueItems === 0);
}

test("a replica is given as the address, and nothing is written yet: the sink says why it cannot, and never that it works", async () => {
  const { replica } = await startedReplicas();
  const own = desk(replica.url);
  const reason = () => own.sink.status().lastError ?? "";
  await eventually("refused", () => reason().startsWith("READONLY"));
  const seen = new Set<boolean | null>();
  const end = Date.now() + 1_500;
  await eventually("a while", () => {
    seen.add(own.sink.status().up);
    return Date.now() > end;
  });
  expect([...seen]).toEqual([false]);
  await replica.command("replicaof", "no", "one");
  await eventually("it works by itself", () => own.sink.status().up === true);
});

test("the primary becomes a replica behind one address: the connection is made again, and the lease goes on", async () => {
  const { primary, replica } = await startedReplicas();
  const address = await startedFloatingAddress(primary);
  const own = desk(address.url);
  await write(own, 1, primary);
  const epoch = own.sink.status().writer?.lease?.epoch;
  await eventually("replicated", async () => (await rateIn(replica)) === "1");
  await failOver(primary, replica);
  address.moveTo(replica);
  await write(own, 2, replica);
  expect(own.sink.status().writer).toMatchObject({ held: true, lease: { epoch } });
});

test("a replica is given as the address: the reason stays, and it works once it is the primary", async () => {
  const { replica } = await startedReplicas();
  const own = desk(replica.url);
  own.publish(1);
  const reason = () => own.sink.status().lastError ?? "";
  await eventually("refused", () => own.sink.status().up === false && reason().startsWith("READONLY"));
  const reasons = new Set<string>();
  const end = Date.now() + 1_500;
  await eventually("a while", () => {
    reasons.add(reason());
    return Date.now() > end;
  });
  expect([...reasons]).toEqual([expect.stringMatching(/^READONLY .*address of the primary/)]);
  await replica.command("replicaof", "no", "one");
  await write(own, 2, replica);
});

test("a writer that was cut off with the old primary finds another's lease at the new one, and writes no more", async () => {
  const { primary, replica } = await startedReplicas();
  const address = await startedFloatingAddress(primary);
  const old = desk(address.url, { name: "old" });
  await write(old, 1, primary);
  // The old primary does not know yet that it is one no more, and the lease never came to the new one.
  await replica.command("replicaof", "no", "one");
  await replica.command("del", WRITER_KEY);
  address.moveTo(replica);
  const newer = desk(replica.url, { name: "newer" });
  await write(newer, 2, replica);
  await primary.command("replicaof", "127.0.0.1", replica.port);
  await eventually("it is refused", () => old.sink.status().writer?.held === false);
  old.publish(3);
  await eventually("it says by whom", () => old.sink.status().lastError?.includes("desk newer"));
  expect(await rateIn(replica)).toBe("2");
});

test("the epoch rises though the new primary has no lease and its clock is behind", async () => {
  const { primary, replica } = await startedReplicas();
  await primary.command("hset", WRITER_KEY, "run", "x", "host", "h", "epoch", Date.now() + 3_600_000);
  const address = await startedFloatingAddress(primary);
  const own = desk(address.url);
  await eventually("refused", () => own.sink.status().writer?.held === false);
  const before = own.sink.status().writer?.lease?.epoch ?? 0;
  await failOver(primary, replica);
  await replica.command("del", WRITER_KEY);
  address.moveTo(replica);
  await write(own, 1, replica);
  expect(own.sink.status().writer?.lease?.epoch).toBeGreaterThan(before);
});

test("a lease that is released during a failover is free at the new primary", async () => {
  const { primary, replica } = await startedReplicas();
  const address = await startedFloatingAddress(primary);
  const own = desk(address.url);
  await write(own, 1, primary);
  await eventually("replicated", async () => (await rateIn(replica)) === "1");
  await failOver(primary, replica);
  address.moveTo(replica);
  expect(await replica.command("exists", WRITER_KEY)).toBe(1);
  await own.sink.close();
  expect(await replica.command("exists", WRITER_KEY)).toBe(0);
});

test("Sentinel: the primary is killed, and writing goes on at the new one with the same lease", async () => {
  const { primary, replica } = await startedReplicas("right-secret");
  const sentinel = await startedSentinel(primary, "right-secret");
  const dead = "127.0.0.1:1";
  const own = desk(`redis+sentinel://:right-secret@${dead},127.0.0.1:${sentinel.port}/desk/2`);
  own.publish(1);
  await eventually("written", () => own.sink.status().up === true && own.sink.status().queueItems === 0);
  const epoch = own.sink.status().writer?.lease?.epoch;
  await eventually("replicated", async () =>
    String(await replica.command("info", "keyspace")).includes("db2"),
  );
  await primary.kill();
  own.publish(2);
  await eventually("it is lost", () => own.sink.status().up === false);
  await eventually("it works again", () => own.sink.status().up === true);
  await eventually("written again", () => own.sink.status().queueItems === 0);
  expect(String(await replica.command("info", "replication"))).toContain("role:master");
  expect(own.sink.status().writer).toMatchObject({ held: true, lease: { epoch } });
  expect(String(await replica.command("info", "keyspace"))).toMatch(/^db2:/m);
  expect(own.lines.join()).not.toContain("right-secret");
  // The old primary returns as a replica; nobody follows it.
  await primary.restart();
  own.publish(3);
  await eventually(
    "written once more",
    () => own.sink.status().up === true && own.sink.status().queueItems === 0,
  );
});

test("Sentinels that are not there, or do not know the name: said once, and by name", async () => {
  const { primary } = await startedReplicas();
  const sentinel = await startedSentinel(primary);
  const nobody = desk("redis+sentinel://127.0.0.1:1/desk");
  const mistaken = desk(`redis+sentinel://127.0.0.1:${sentinel.port}/other`);
  const reason = ({ sink }: Desk) => sink.status().lastError ?? "";
  await eventually("nobody", () => reason(nobody).includes("No Sentinel can be asked: connect ECONNREFUSED"));
  await eventually("other", () => reason(mistaken).includes('No Sentinel knows a master "other"'));
  nobody.publish(1);
  await eventually(
    "the sink says the same",
    () => nobody.sink.status().queueItems === 1 && reason(nobody).includes("ECONNREFUSED"),
  );
  expect(nobody.lines).toHaveLength(1);
  expect(mistaken.lines).toHaveLength(1);
});

test("a Cluster: every key is in one slot, also after the slot has moved", async () => {
  const nodes = await startedCluster();
  const prefix = "{slipstream}:";
  const url = `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}`;
  const own = desk(url, { prefix });
  own.publish(1);
  await eventually("written", () => own.sink.status().up === true && own.sink.status().queueItems === 0);
  const slot = Number(await nodes[0]?.command("cluster", "keyslot", prefix));
  const keysOf = async (node: RedisServer) => ((await node.command("keys", "*")) as string[]).length;
  const held = await Promise.all(nodes.map(keysOf));
  expect(held.filter((count) => count > 0)).toHaveLength(1);
  const from = nodes[held.findIndex((count) => count > 0)];
  const to = nodes.find((node) => node !== from);
  if (from === undefined || to === undefined) throw new Error("No node has the keys.");
  const [fromId, toId] = await Promise.all(
    [from, to].map((node) => node.command("cluster", "myid").then(String)),
  );
  await to.command("cluster", "setslot", slot, "importing", fromId ?? "");
  await from.command("cluster", "setslot", slot, "migrating", toId ?? "");
  const keys = (await from.command("cluster", "getkeysinslot", slot, 100)) as string[];
  await from.command("migrate", "127.0.0.1", to.port, "", 0, 5_000, "KEYS", ...keys);
  for (const node of [to, from]) await node.command("cluster", "setslot", slot, "node", toId ?? "");
  own.publish(2);
  await eventually(
    "written to the other node",
    async () => (await rateIn(to, prefix).catch(() => null)) === "2",
  );
  expect(own.sink.status().writer?.held).toBe(true);
  expect(dashboardKeys.length).toBe(9);
});

test("a Cluster without a hash tag is refused in one line, and so is a Cluster behind a plain address", async () => {
  expect(() => desk("redis+cluster://127.0.0.1:1")).toThrow(
    /^A Redis Cluster needs .*--redis-prefix.*\{slipstream\}:/,
  );
  const nodes = await startedCluster();
  const plain = desk(`redis://127.0.0.1:${nodes[0]?.port}`);
  plain.publish(1);
  await eventually("it says what to do", () => /CROSSSLOT|MOVED/.test(plain.sink.status().lastError ?? ""));
  expect(plain.sink.status().lastError).toMatch(/\(This is a Cluster: write redis\+cluster:\/\//);
  const numbered = desk(`redis://127.0.0.1:${nodes[0]?.port}/1`);
  await eventually("no databases", () =>
    numbered.sink.status().lastError?.includes("A Cluster has database 0 only"),
  );
});

test("redis+cluster:// of a Redis that is none", async () => {
  const redis = await startedRedis();
  const own = desk(`redis+cluster://127.0.0.1:${redis.port}`, { prefix: "{s}:" });
  await eventually("said", () => own.sink.status().lastError?.includes("This Redis is not a Cluster"));
  expect(await redis.command("dbsize")).toBe(0);
});

test.each([
  ["it lacks replicas", ["--min-replicas-to-write", "1"], /^NOREPLICAS .*min-replicas-to-write/],
  ["a password is needed", ["--requirepass", "x"], /^NOAUTH .*redis:\/\/:PASSWORD@HOST/],
])(
  "Redis refuses writes because %s: its own error comes first, then what to do",
  async (_, args, expected) => {
    const redis = await startedRedis({ args, ...(args[0] === "--requirepass" ? { password: "x" } : {}) });
    const own = desk(`redis://127.0.0.1:${redis.port}`);
    own.publish(1);
    await eventually("said", () => expected.test(own.sink.status().lastError ?? ""));
    expect(own.sink.status().lastError).not.toContain("EXECABORT");
  },
);

test("a replica that has lost its primary", async () => {
  const { primary, replica } = await startedReplicas();
  await replica.command("config", "set", "replica-serve-stale-data", "no");
  const own = desk(replica.url);
  await primary.kill();
  own.publish(1);
  await eventually("said", () => own.sink.status().lastError?.startsWith("MASTERDOWN"));
  expect(own.sink.status().lastError).toContain("lost its primary");
});
