import { readFileSync } from "node:fs";
import { join } from "node:path";
import { answers, type Part, portOf, type Setting } from "./part.ts";
import {
  aggregatorUrl,
  alertmanagerUrl,
  otlpUrl,
  questdbConf,
  questdbPgUrl,
  redisUrl,
  rpcUrl,
} from "./urls.ts";

/** With each store and source that runs here. A real node may take the place of the simulated desk's: SLIPSTREAM_RPC_URL. */
function environment(setting: Setting): Record<string, string> {
  const runs = (name: string): boolean => setting.parts.includes(name);
  const node = runs("simulator") ? rpcUrl(setting) : process.env.SLIPSTREAM_RPC_URL;
  return {
    SLIPSTREAM_CONFIG: join(setting.repository, "aggregator", "slipstream.config.ts"),
    STACK_TOKEN_FILE: setting.tokenFile,
    ...(runs("alertmanager") ? { STACK_ALERTMANAGER_URL: alertmanagerUrl(setting) } : {}),
    ...(runs("collector") ? { SLIPSTREAM_TRACES_ENDPOINT: otlpUrl(setting) } : {}),
    ...(runs("redis") ? { REDIS_URL: redisUrl(setting) } : {}),
    ...(runs("questdb")
      ? { QDB_CLIENT_CONF: questdbConf(setting), SLIPSTREAM_QUESTDB_PG: questdbPgUrl(setting) }
      : {}),
    ...(node === undefined ? {} : { SLIPSTREAM_RPC_URL: node }),
  };
}

export const aggregator: Part = {
  name: "aggregator",
  title: "Slipstream aggregator",
  ports: { aggregator: 9480 },
  after: ["redis", "questdb", "alertmanager"],
  command: (setting) => ({
    program: join(setting.repository, "packages", "cli", "bin", "slipstream.js"),
    args: [
      "aggregate",
      `--port=${portOf(setting, "aggregator")}`,
      `--data=${join(setting.data, "aggregator")}`,
      "--log-format=text",
    ],
    env: environment(setting),
  }),
  isHealthy: (setting) => {
    const token = readFileSync(setting.tokenFile, "utf8").trim();
    return answers(`${aggregatorUrl(setting)}/readyz`, { authorization: `Bearer ${token}` });
  },
  addresses: (setting) => [
    { url: aggregatorUrl(setting), what: "Slipstream: /metrics, /api/current, alerts, history" },
  ],
  // It writes what it holds before it ends.
  stopMs: 60_000,
};
