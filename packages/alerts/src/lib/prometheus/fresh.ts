import { serviceMetrics } from "@slipstream/conventions";
import { DESK_OF_SERVICES } from "./desk.ts";
import { ranged, type Series, selector } from "./promql.ts";
import { type PrometheusSettings, windowOf } from "./settings.ts";

/** A gauge that is older is unknown, as it is to the aggregator. Prometheus would show it for five minutes. */
const FRESH_SECONDS = 60;

/**
 * The newest values of processes that run: what a process reported is gone when it says that it ends.
 * @param test a comparison that they must pass, "> 0"
 */
export function freshProcesses(
  series: Series,
  matchers: readonly string[],
  settings: PrometheusSettings,
  test = "",
): string {
  const newest = ranged("last_over_time", selector(series, matchers), windowOf(FRESH_SECONDS, settings));
  const up = selector({ metric: serviceMetrics.processUp.name }, [matchers[0] ?? ""]);
  return `${newest}${test === "" ? "" : ` ${test}`}\nunless on (${DESK_OF_SERVICES}, job, instance) ${up} == 0`;
}
