import type { AggregatorClient } from "../client/aggregator-client.ts";
import { endpointOf } from "../client/endpoint.ts";
import type { ResolvedConfig } from "../config/components.ts";

/** Speaks to the aggregator that a configuration names. @param desk default: the aggregator's own */
export async function clientOf(
  config: Pick<ResolvedConfig, "endpoint" | "host" | "port" | "token">,
  desk?: string,
): Promise<AggregatorClient> {
  const { AggregatorClient: Client } = await import("../client/aggregator-client.ts");
  return new Client({ endpoint: endpointOf(config), token: config.token, desk });
}
