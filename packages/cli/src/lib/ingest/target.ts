import { engineOptions } from "@slipstream/aggregator/options";
import { givenTo } from "@slipstream/config";
import { hasCode, SlipstreamError } from "@slipstream/conventions";
import { AggregatorClient } from "../client/aggregator-client.ts";
import type { ResolvedConfig } from "../config/components.ts";

/** The aggregator that a block is sent to. */
export interface Target {
  readonly client: AggregatorClient;
  /** For people: "the aggregator at http://...". */
  readonly name: string;
  close(): Promise<void>;
}

/** The running aggregator at `endpoint`, or one of our own on a free loopback port, on the data folder. */
export async function openTarget(config: ResolvedConfig): Promise<Target> {
  const { endpoint, token, dataDir } = config;
  if (endpoint !== undefined) {
    const client = new AggregatorClient({ endpoint, token, timeoutMs: 30_000 });
    return { client, name: `the aggregator at ${client.endpoint}`, close: async () => undefined };
  }
  // Loaded here, so that a mistake in the call is told without waiting for it.
  const [{ createAggregator }, { pino }] = await Promise.all([
    import("@slipstream/aggregator"),
    import("pino"),
  ]);
  const aggregator = await createAggregator({
    host: "127.0.0.1",
    port: 0,
    dataDir,
    ...givenTo(engineOptions, config),
    logger: pino({ level: "silent" }),
  }).catch((error: unknown) => {
    if (!hasCode(error, "data_in_use")) throw error;
    throw new SlipstreamError(
      "data_in_use",
      `${error.message} To send to the running one, name it with --endpoint.`,
    );
  });
  return {
    client: new AggregatorClient({ endpoint: aggregator.url, timeoutMs: 30_000 }),
    name: `an aggregator of its own, data in ${dataDir}`,
    close: () => aggregator.close(),
  };
}
