import { cpSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { startedQuestDb, startedRedis } from "@slipstream/testing/started";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { type RunningCli, runCli, startCli } from "../testing/run-cli.ts";

interface Running {
  readonly cli: RunningCli;
  readonly url: string;
  /** What /readyz says of a sink. */
  sink(name: string): Promise<Sink>;
}

interface Sink {
  readonly up: boolean | null;
  readonly lastError?: string;
  readonly writer?: { readonly held: boolean | null; readonly lease?: { readonly desk: string } };
}

let folder: string;

beforeEach(() => {
  folder = testFolder();
});

async function aggregate(desk: string, stores: readonly string[], data = desk): Promise<Running> {
  const cli = startCli(
    ["aggregate", "--port", "0", "--desk", desk, "--data", join(folder, data), ...stores],
    {
      cwd: folder,
    },
  );
  onTestFinished(async () => {
    cli.end("SIGKILL");
    await cli.result;
  });
  const [, url = ""] = await cli.printed(/aggregator on (\S+)/);
  return {
    cli,
    url,
    sink: async (name) => {
      const { sinks } = (await (await fetch(`${url}/readyz`)).json()) as { sinks: Record<string, Sink> };
      return sinks[name] ?? { up: null };
    },
  };
}

let seq = 0;

/** A trade of this very moment, by OTLP. */
async function trade({ url }: Running, pair: string): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n;
  seq += 1;
  const id = seq.toString(16).padStart(16, "0");
  const span = {
    traceId: `${id}${id}`,
    spanId: id,
    name: "trade.execute",
    kind: 1,
    startTimeUnixNano: String(now - 5_000_000n),
    endTimeUnixNano: String(now),
    attributes: [
      { key: "trade.id", value: { stringValue: `${pair} ${id}` } },
      { key: "trade.pair", value: { stringValue: pair } },
      { key: "trade.status", value: { stringValue: "success" } },
    ],
  };
  const body = {
    resourceSpans: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: pair } }] },
        scopeSpans: [{ spans: [span] }],
      },
    ],
  };
  const headers = { "content-type": "application/json" };
  const { status } = await fetch(`${url}/v1/traces`, { method: "POST", headers, body: JSON.stringify(body) });
  expect(status).toBe(200);
}

/** Trades until the test's end. */
function trading(running: Running, pair: string): void {
  const timer = setInterval(() => void trade(running, pair).catch(() => undefined), 200);
  onTestFinished(() => clearInterval(timer));
}

const writes = (running: Running, name: string) =>
  eventually(
    `it has the lease of ${name}`,
    async () => {
      const { up, writer } = await running.sink(name);
      return up === true && writer?.held === true;
    },
    60_000,
  );
const isRefused = (running: Running, name: string) =>
  eventually(
    `it is refused by ${name}`,
    async () => {
      const { up, writer } = await running.sink(name);
      return up === false && writer?.held === false;
    },
    60_000,
  );

test("two aggregators on one Redis: one writes, the other says why not, and takes over from one that hangs", async () => {
  const redis = await startedRedis();
  const stores = ["--redis", redis.url];
  const first = await aggregate("alpha", stores);
  trading(first, "SOL/USDC");
  await writes(first, "redis");
  const second = await aggregate("beta", stores);
  trading(second, "BONK/SOL");
  await isRefused(second, "redis");
  expect((await second.sink("redis")).lastError).toMatch(/aggregator of desk alpha on host .*redisPrefix/);
  const readyz = await fetch(`${second.url}/readyz`);
  expect(readyz.status).toBe(200);
  const metrics = async (running: Running) => (await fetch(`${running.url}/metrics`)).text();
  expect(await metrics(first)).toContain('slipstream_sink_writer{sink="redis"} 1');
  expect(await metrics(second)).toContain('slipstream_sink_writer{sink="redis"} 0');
  const doctor = await runCli(
    ["doctor", "--endpoint", second.url, "--data", join(folder, "beta"), ...stores],
    { cwd: folder },
  );
  expect(doctor.stdout).toMatch(/may not write to its sink redis: The aggregator of desk alpha/);
  expect(doctor.stdout).toMatch(
    /the aggregator of desk alpha .* writes there, so one with this data folder may not/,
  );
  // Its own statistics go on.
  await eventually("it counts", async () =>
    /trades_per_minute": ?\{"value": ?[1-9]/.test(await (await fetch(`${second.url}/api/current`)).text()),
  );

  // Killed, and started again: it is the same instance, and has the lease at once.
  const epoch = async () => Number(await redis.command("hget", "slipstream:writer", "epoch"));
  const before = await epoch();
  first.cli.end("SIGKILL");
  await first.cli.result;
  const again = await aggregate("alpha", stores);
  await writes(again, "redis");
  trading(again, "SOL/USDC");
  expect(await epoch()).toBeGreaterThan(before);
  expect((await second.sink("redis")).writer?.held).toBe(false);

  // It hangs: the other takes over. When it goes on it must not write.
  again.cli.end("SIGSTOP");
  await writes(second, "redis");
  expect(await redis.command("hget", "slipstream:writer", "desk")).toBe("beta");
  const taken = await epoch();
  again.cli.end("SIGCONT");
  await isRefused(again, "redis");
  expect((await again.sink("redis")).lastError).toMatch(/desk beta/);
  expect(await epoch()).toBe(taken);

  // Said once, however often it is refused.
  second.cli.end();
  await writes(again, "redis");
  again.cli.end();
  const { stderr } = await second.cli.result;
  expect(stderr.match(/Another aggregator writes to the store/g)).toHaveLength(1);
  expect(stderr.match(/This aggregator writes to the store now/g)).toHaveLength(1);
  const { stderr: other } = await again.cli.result;
  expect(other.match(/Another aggregator has taken over the store/g)).toHaveLength(1);
  expect(await redis.command("exists", "slipstream:writer")).toBe(0);
});

test("two aggregators on one QuestDB: each row is of one of them at a time; a copied data folder is noticed", async () => {
  const questdb = await startedQuestDb();
  const stores = ["--questdb", questdb.conf, "--questdb-pg", questdb.pgUrl];
  const pairs = async () => (await questdb.query("SELECT DISTINCT pair FROM trades ORDER BY pair")).flat();
  const first = await aggregate("gamma", stores);
  trading(first, "SOL/USDC");
  await writes(first, "questdb");
  await eventually("rows", async () => (await pairs()).length === 1);
  const second = await aggregate("delta", stores);
  trading(second, "BONK/SOL");
  await isRefused(second, "questdb");
  expect((await second.sink("questdb")).lastError).toMatch(
    /desk gamma .* writes to this QuestDB.*questdbTablePrefix/,
  );

  first.cli.end("SIGKILL");
  await first.cli.result;
  cpSync(join(folder, "gamma"), join(folder, "gamma-copy"), { recursive: true });
  const again = await aggregate("gamma", stores);
  trading(again, "SOL/USDC");
  await writes(again, "questdb");
  const copy = await aggregate("gamma", stores, "gamma-copy");
  await isRefused(copy, "questdb");
  expect((await copy.sink("questdb")).lastError).toMatch(/is a copy of this one's/);
  copy.cli.end("SIGKILL");
  await copy.cli.result;
  expect(await pairs()).toEqual(["SOL/USDC"]);

  again.cli.end("SIGSTOP");
  await writes(second, "questdb");
  await eventually("its rows", async () => (await pairs()).includes("BONK/SOL"));
  again.cli.end("SIGCONT");
  await isRefused(again, "questdb");
  again.cli.end();
  await again.cli.result;
  // Who has the table of its own may write beside it.
  const own = await aggregate("gamma", [...stores, "--questdb-table-prefix", "gamma_"]);
  await writes(own, "questdb");
  await eventually(
    "all its rows",
    async () => Number((await questdb.query("SELECT count() FROM gamma_trades"))[0]?.[0]) > 0,
  );
});

test("with both, the lease of Redis covers QuestDB", async () => {
  const redis = await startedRedis();
  const questdb = await startedQuestDb();
  await redis.command(
    "hset",
    "slipstream:writer",
    "run",
    "x",
    "desk",
    "omega",
    "host",
    "h",
    "pid",
    1,
    "epoch",
    1,
  );
  const stores = ["--redis", redis.url, "--questdb", questdb.conf, "--questdb-pg", questdb.pgUrl];
  const one = await aggregate("epsilon", stores);
  trading(one, "SOL/USDC");
  await isRefused(one, "redis");
  await isRefused(one, "questdb");
  expect((await one.sink("questdb")).lastError).toMatch(/desk omega .* writes to this Redis/);
  const data = ["--data", join(folder, "epsilon")];
  const doctor = await runCli(["doctor", "--endpoint", one.url, ...data, ...stores], { cwd: folder });
  expect(doctor.stdout).toMatch(/may not write to its sink questdb: .*\n +-> .*--redis-prefix of its own/);
  await redis.command("del", "slipstream:writer");
  await writes(one, "redis");
  await writes(one, "questdb");
});

test("the demo leaves the environment's Redis alone, and uses names of its own in one that a flag names", async () => {
  const real = await startedRedis();
  const named = await startedRedis();
  const args = ["demo", "--port", "0", "--duration", "12", "--rate", "20", "--redis", named.url];
  const env = { REDIS_URL: real.url, QDB_CLIENT_CONF: "http::addr=127.0.0.1:1;" };
  const demo = startCli(args, { cwd: folder, env });
  onTestFinished(() => demo.end("SIGKILL"));
  const keys = async () => (await named.command("keys", "*")) as string[];
  await eventually("keys", async () => (await keys()).some((key) => key.includes("success_rate")), 60_000);
  expect((await keys()).filter((key) => !key.startsWith("slipstream_demo:"))).toEqual([]);
  const { stdout } = await demo.result;
  expect(await real.command("keys", "*")).toEqual([]);
  expect(stdout.match(/The demo ignores QDB_CLIENT_CONF, because/g)).toHaveLength(1);
});
