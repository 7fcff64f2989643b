import { createAggregator, IN_MEMORY } from "@slipstream/aggregator";
import { expect, it, onTestFinished } from "vitest";
import { AggregatorClient } from "../client/aggregator-client.ts";
import { checkAggregator } from "./check-aggregator.ts";

async function check(allowedHosts: readonly string[]) {
  const { port, close } = await createAggregator({ dataDir: IN_MEMORY, port: 0, allowedHosts });
  onTestFinished(close);
  // Leads to this machine, and is not a name of loopback.
  return checkAggregator(new AggregatorClient({ endpoint: `http://0.0.0.0:${port}` }), true);
}

it("says that the aggregator does not answer to a host name, and which option allows it", async () => {
  const { running, findings } = await check([]);
  expect(running).toBe(false);
  expect(findings).toMatchObject([
    {
      outcome: "bad",
      text: expect.stringContaining("does not answer to the host name 0.0.0.0"),
      remedy: expect.stringContaining("allowedHosts (SLIPSTREAM_ALLOWED_HOSTS)"),
    },
  ]);
});

it("finds it alive once the name is allowed", async () => {
  const { running, findings } = await check(["0.0.0.0"]);
  expect(running).toBe(true);
  expect(findings).toMatchObject([{ outcome: "ok", text: expect.stringContaining("is alive and ready") }]);
});
