import type { ResolvedConfig } from "../config/components.ts";

/** The address of the aggregator that a configuration names: its `endpoint`, or else the one that it would start here. */
export function endpointOf({
  endpoint,
  host,
  port,
}: Pick<ResolvedConfig, "endpoint" | "host" | "port">): string {
  return endpoint ?? `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
