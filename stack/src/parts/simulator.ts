import { join } from "node:path";
import { type Part, portOf } from "./part.ts";
import { otlpUrl, rpcUrl } from "./urls.ts";

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
  }),
  isHealthy: async (setting) => {
    const response = await fetch(rpcUrl(setting), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "getSlot" }),
      signal: AbortSignal.timeout(2_000),
    });
    // It answers with an error now and then, as real nodes do.
    await response.body?.cancel();
    return true;
  },
  addresses: (setting) => [{ url: rpcUrl(setting), what: "Simulated desk: its chain's node" }],
};
