import { indented, quoted } from "./promql.ts";
import type { PrometheusSettings } from "./settings.ts";

/** The desk in series that services send: Prometheus makes it of `slipstream.desk` if it is promoted. */
export const DESK_OF_SERVICES = "slipstream_desk";

/**
 * Names the desk in `desk`, as Slipstream's own alerts do: the aggregator's series have it for other desks, those of services under another
 * name. What has none is the own desk's, and gets its name, if it has one.
 */
export function withDesk(
  expr: string,
  from: readonly ("aggregator" | "services")[],
  { desk }: Pick<PrometheusSettings, "desk">,
): string {
  const named = from.includes("services") ? replaced(expr, "$1", DESK_OF_SERVICES, "(.+)") : expr;
  return desk === undefined ? named : replaced(named, desk.replaceAll("$", "$$$$"), "desk", "");
}

function replaced(expr: string, by: string, label: string, pattern: string): string {
  return `label_replace(\n${indented(expr)},\n  "desk", ${quoted(by)}, ${quoted(label)}, ${quoted(pattern)}\n)`;
}
