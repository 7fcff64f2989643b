import { expect, it } from "vitest";
import { loadConfig } from "../../config/load-config.ts";
import { demoConfig } from "./demo.ts";

it("the demo writes to Redis and QuestDB only if a flag names them", async () => {
  const environment = {
    REDIS_URL: "redis://desk",
    QDB_CLIENT_CONF: "http::addr=desk:9000;",
    SLIPSTREAM_PORT: "1",
  };
  const folder = import.meta.dirname;
  const named = await loadConfig({ environment, folder });
  expect(named.config).toMatchObject({ redis: "redis://desk", questdb: "http::addr=desk:9000;" });
  const demo = demoConfig(named);
  expect(demo).toMatchObject({ port: 1 });
  expect(demo).not.toHaveProperty("redis");
  expect(demo).not.toHaveProperty("questdb");
  const flags = { redis: { text: "redis://demo", name: "--redis" } };
  expect(demoConfig(await loadConfig({ environment, folder, flags }))).toMatchObject({
    redis: "redis://demo",
  });
});
