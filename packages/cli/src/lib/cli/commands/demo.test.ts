import { expect, it } from "vitest";
import { loadConfig } from "../../config/load-config.ts";
import { demoConfig } from "./demo.ts";

const environment = {
  REDIS_URL: "redis://desk",
  QDB_CLIENT_CONF: "http::addr=desk:9000;",
  SLIPSTREAM_QUESTDB_PG: "postgres://desk/qdb",
  SLIPSTREAM_REDIS_PREFIX: "desk:",
  SLIPSTREAM_QUESTDB_TABLE_PREFIX: "desk_",
  SLIPSTREAM_DESK: "alpha",
  SLIPSTREAM_PORT: "1",
};
const folder = import.meta.dirname;

it("the demo writes to Redis and QuestDB only if a flag names them", async () => {
  const named = await loadConfig({ environment, folder });
  expect(named.config).toMatchObject({ redis: "redis://desk", questdb: "http::addr=desk:9000;" });
  const { config, ignored } = demoConfig(named);
  expect(config).toMatchObject({ port: 1 });
  for (const key of ["redis", "questdb", "questdbPg"]) expect(config).not.toHaveProperty(key);
  expect(ignored).toEqual(["REDIS_URL", "QDB_CLIENT_CONF"]);
});

it("what it writes has names of its own, also if the environment gives the desk's", async () => {
  const flags = { redis: { text: "redis://demo", name: "--redis" } };
  const { config, ignored } = demoConfig(await loadConfig({ environment, folder, flags }));
  expect(config).toMatchObject({
    desk: "demo",
    redis: "redis://demo",
    redisPrefix: "slipstream_demo:",
    questdbTablePrefix: "slipstream_demo_",
  });
  expect(ignored).toEqual(["QDB_CLIENT_CONF"]);
  const own = { redisPrefix: { text: "mine:", name: "--redis-prefix" } };
  expect(
    demoConfig(await loadConfig({ environment, folder, flags: { ...flags, ...own } })).config,
  ).toMatchObject({
    redisPrefix: "mine:",
  });
});

it("nobody is paged because of simulated trades, and the demo says so", async () => {
  const named = await loadConfig({ environment: {}, folder });
  const channels = { ops: { type: "console" } } as const;
  const origins = { ...named.origins, channels: { kind: "file", name: "slipstream.config.ts" } } as const;
  const { config, ignored } = demoConfig({ ...named, config: { ...named.config, channels }, origins });
  expect(config).not.toHaveProperty("channels");
  expect(ignored).toEqual(["channels of slipstream.config.ts"]);
});

it("its rules are the demo's own, unless a flag names a file", async () => {
  const ofDesk = { ...environment, SLIPSTREAM_RULES_FILE: "desk.yaml" };
  expect(demoConfig(await loadConfig({ environment: ofDesk, folder })).config).not.toHaveProperty(
    "rulesFile",
  );
  const flags = { rulesFile: { text: "mine.yaml", name: "--rules" } };
  expect(demoConfig(await loadConfig({ environment: ofDesk, folder, flags })).config.rulesFile).toMatch(
    /mine\.yaml$/,
  );
});

it("a demo without anything to ignore says nothing", async () => {
  expect(demoConfig(await loadConfig({ environment: {}, folder })).ignored).toEqual([]);
});
