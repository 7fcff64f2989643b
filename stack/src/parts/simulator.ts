import { join } from "node:path";
import { answers, type Part, portOf, type Setting } from "./part.ts";
import { otlpUrl, questdbConf, redisUrl, rpcUrl } from "./urls.ts";

/** Where the desk writes its orders and positions, to tables and keys of its own. */
function stores(setting: Setting): Record<string, string> {
  const { parts } = setting;
  return {
    ...(parts.includes("redis") ? { SIMULATOR_REDIS_URL: redisUrl(setting) } : {}),
    ...(parts.includes("questdb") ? { SIMULATOR_QUESTDB_CONF: questdbConf(setting) } : {}),
  };
}

export const simulator: Part = {
  name: "simulator",
  title: "Simulated trading desk",
  ports: { rpc: 8899, jupiter: 8898 },
  after: ["collector", "redis", "questdb"],
  command: (setting) => ({
    program: join(setting.repository, "packages", "cli", "bin", "slipstream.js"),
    args: [
      "simulate",
      `--endpoint=${otlpUrl(setting)}`,
      `--rpc-port=${portOf(setting, "rpc")}`,
      `--jupiter-port=${portOf(setting, "jupiter")}`,
      ...setting.simulator,
    ],
    env: stores(setting),
  }),
  isHealthy: (setting) => answers(`${rpcUrl(setting)}/health`),
  addresses: (setting) => [{ url: rpcUrl(setting), what: "Simulated desk: its chain's node" }],
};
