import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { startedRedis } from "@slipstream/testing/started";
import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { createMemoryDashboards } from "../dashboards/memory-dashboards.ts";
import { processWriter } from "../writer/identity.ts";
import type { LeaseState, Writer } from "../writer/writer.ts";
import { connectRedis } from "./redis-connection.ts";
import { RedisLease, WRITER_KEY } from "./redis-lease.ts";
import { createRedisSink } from "./redis-sink.ts";

interface Tried {
  readonly lease: RedisLease;
  readonly states: LeaseState[];
}

/** A process that wants to write. */
function want(url: string, writer: Partial<Writer> = {}, prefix?: string): Tried {
  const { client, tried, close } = connectRedis(url, { commandTimeoutMs: 1_000 });
  const states: LeaseState[] = [];
  const own = processWriter({ desk: "alpha", run: randomUUID() });
  const lease = new RedisLease({
    client,
    tried,
    prefix,
    writer: { ...own, ...writer },
    onState: (state) => states.push(state),
  });
  onTestFinished(async () => {
    await lease.close();
    await close();
  });
  return { lease, states };
}

const held = (tried: Tried) => eventually("the lease is held", () => tried.lease.state.held === true);
const refused = (tried: Tried) => eventually("it is refused", () => tried.lease.state.held === false);

test("one writes, another is refused and named, and takes over when the first stops or its lease ends", async () => {
  const redis = await startedRedis();
  const first = want(redis.url);
  await held(first);
  expect(await redis.command("pttl", WRITER_KEY)).toBeGreaterThan(10_000);
  expect(await redis.command("pttl", WRITER_KEY)).toBeLessThanOrEqual(15_000);
  const second = want(redis.url, { desk: "beta" });
  await refused(second);
  await expect(second.lease.write([["SET", "k", "second"]])).rejects.toMatchObject({ code: "writer_other" });
  await expect(second.lease.write([["SET", "k", "second"]])).rejects.toThrow(
    /aggregator of desk alpha on host .* writes to this Redis.*redisPrefix/,
  );
  expect(await first.lease.write([["SET", "k", "first"]])).toEqual(["OK"]);
  expect(await redis.command("get", "k")).toBe("first");
  await first.lease.close();
  expect(await second.lease.write([["SET", "k", "second"]])).toEqual(["OK"]);

  const third = want(redis.url);
  await refused(third);
  // As if the second had not renewed it for its time.
  await redis.command("pexpire", WRITER_KEY, 1);
  await third.lease.hold();
  const epochs = [first, second, third].map(
    ({ states }) => states.findLast((state) => state.held)?.lease?.epoch,
  );
  expect(epochs).toEqual([...epochs].sort());
  expect(new Set(epochs).size).toBe(3);
});

test("a writer that was stopped while another took over cannot write, and learns who did", async () => {
  const redis = await startedRedis();
  const old = want(redis.url);
  await held(old);
  await redis.command("del", WRITER_KEY);
  const newer = want(redis.url, { desk: "beta" });
  await held(newer);
  await newer.lease.write([["SET", "k", "newer"]]);
  await expect(old.lease.write([["SET", "k", "old"]])).rejects.toThrow(/desk beta/);
  expect(await redis.command("get", "k")).toBe("newer");
  expect(old.lease.other).toMatchObject({ desk: "beta" });
});

test("the same instance in the same place takes it at once; the process before it cannot write any more", async () => {
  const redis = await startedRedis();
  const instance = { instance: randomUUID(), place: "here" };
  const killed = want(redis.url, instance);
  await held(killed);
  const restarted = want(redis.url, instance);
  await held(restarted);
  // It lives after all: two machines of one name, or one path in two containers. It must not take the lease back.
  for (const _ of [1, 2])
    await expect(killed.lease.write([["SET", "k", "old"]])).rejects.toThrow(/is a copy of this one's/);
  await killed.lease.hold();
  expect(await restarted.lease.write([["SET", "k", "new"]])).toEqual(["OK"]);
});

test("a copy of a data folder, in another place, waits", async () => {
  const redis = await startedRedis();
  const instance = randomUUID();
  const original = want(redis.url, { instance, place: "here" });
  await held(original);
  const copy = want(redis.url, { instance, place: "there" });
  await refused(copy);
  await expect(copy.lease.write([["SET", "k", "copy"]])).rejects.toThrow(/is a copy of this one's/);
});

test("prefixes have leases of their own", async () => {
  const redis = await startedRedis();
  const [one, two] = [want(redis.url, {}, "a:"), want(redis.url, {}, "b:")];
  await held(one);
  await held(two);
  expect(((await redis.command("keys", "*")) as string[]).sort()).toEqual([
    `a:${WRITER_KEY}`,
    `b:${WRITER_KEY}`,
  ]);
});

test("Redis loses its data, and comes back with another writer: who was there first is refused", async () => {
  const redis = await startedRedis();
  const first = want(redis.url);
  await held(first);
  await redis.command("flushall");
  expect(await first.lease.write([["SET", "k", "first"]])).toEqual(["OK"]);
  await redis.kill();
  await eventually("it is away", () =>
    first.lease.write([["SET", "k", "1"]]).then(
      () => false,
      () => true,
    ),
  );
  await redis.restart();
  const epoch = Date.now() + 1_000_000;
  await redis.command("hset", WRITER_KEY, "run", "x", "desk", "gamma", "host", "h", "pid", 1, "epoch", epoch);
  await redis.command("expire", WRITER_KEY, 60);
  await eventually("it is refused", () => first.lease.other?.desk === "gamma");
  await redis.command("pexpire", WRITER_KEY, 1);
  await eventually("it is taken again", () => first.lease.state.held === true);
});

test("commands are one step: after the first that fails nothing is done, and its error is plain", async () => {
  const redis = await startedRedis();
  const { lease } = want(redis.url);
  await redis.command("set", "text", "x");
  const write = lease.write([
    ["ZADD", "text", 1, "a"],
    ["SET", "after", "x"],
  ]);
  await expect(write).rejects.toThrow(/^WRONGTYPE Operation against a key holding the wrong kind of value$/);
  expect(await redis.command("exists", "after")).toBe(0);
});

test("a replica and a user without rights: plain words, and what to do", async () => {
  const redis = await startedRedis();
  const replica = await startedRedis();
  await replica.command("replicaof", "127.0.0.1", redis.port);
  await expect(want(replica.url).lease.hold()).rejects.toThrow(
    /^READONLY .*\(This is a replica: give the address of the primary, or .* Sentinels\.\)$/,
  );
  await redis.command("acl", "setuser", "poor", "on", ">secret", "~*", "+@all", "-eval", "-evalsha");
  const error: unknown = await want(`redis://poor:secret@127.0.0.1:${redis.port}`)
    .lease.hold()
    .catch((thrown: unknown) => thrown);
  expect(String(error)).toMatch(/NOPERM.*docs\/stores\.md/);
});

test("a client's own key prefix comes before ours", async () => {
  const redis = await startedRedis();
  const client = new Redis(redis.url, { keyPrefix: "service:" });
  onTestFinished(() => client.disconnect());
  await eventually("connected", () => client.status === "ready");
  const lease = new RedisLease({
    client,
    writer: processWriter({ desk: "", run: randomUUID() }),
    prefix: "a:",
  });
  onTestFinished(() => lease.close());
  await lease.write([["SET", "a:k", "v"]]);
  expect(await redis.command("get", "service:a:k")).toBe("v");
});

test("a user with no more rights than docs/stores.md names can write", async () => {
  const page = readFileSync(join(import.meta.dirname, "../../../../../docs/stores.md"), "utf8");
  const rights = /needs `(\+eval [^`]*)`/.exec(page)?.[1]?.split(/\s+/) ?? [];
  expect(rights.length).toBeGreaterThan(10);
  const redis = await startedRedis();
  const keys = ["~p:dashboard:*", "~p:slipstream:writer"];
  await redis.command("acl", "setuser", "desk", "on", ">secret", "-@all", ...keys, ...rights);
  const lines: string[] = [];
  const note = (_: object, message: string): void => void lines.push(message);
  const embedded = createMemoryDashboards();
  const sink = createRedisSink(`redis://desk:secret@127.0.0.1:${redis.port}/1`, {
    prefix: "p:",
    writer: processWriter({ desk: "", run: randomUUID() }),
    repairFrom: () => embedded,
    now: Date.now,
    logger: { info: note, warn: note, error: note },
  });
  onTestFinished(() => sink.close());
  const timeMs = Math.floor(Date.now() / 5_000) * 5_000;
  sink.publish([{ timeMs, values: { success_rate: 50 }, amended: false }]);
  await eventually("written", () => sink.status().up === true && sink.status().queueItems === 0);
  expect(lines).toEqual([]);
  await sink.close();
  const statistics = String(await redis.command("info", "commandstats"));
  expect(statistics).toContain("cmdstat_eval:");
  expect([...statistics.matchAll(/cmdstat_(\S+?):\S*rejected_calls=[1-9]/g)].map(([, name]) => name)).toEqual(
    [],
  );
});

test("who is refused never says that it works, though it has nothing to write", async () => {
  const redis = await startedRedis();
  await held(want(redis.url));
  const states: boolean[] = [];
  const sink = createRedisSink(redis.url, {
    writer: processWriter({ desk: "", run: randomUUID() }),
    repairFrom: () => createMemoryDashboards(),
    onStateChange: ({ up }) => states.push(up),
    now: Date.now,
    logger: { info() {}, warn() {}, error() {} },
  });
  onTestFinished(() => sink.close());
  await eventually("refused", () => sink.status().writer?.held === false && states.length > 0);
  expect(states).toEqual([false]);
  expect(sink.status()).toMatchObject({ up: false, lastError: expect.stringContaining("desk alpha") });
});
