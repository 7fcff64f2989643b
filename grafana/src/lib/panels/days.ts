import type { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { type TimeSeriesSpec, timeSeries } from "./time-series.ts";

/** One value for each UTC day of the last 90, whatever time the dashboard shows. */
export function days(spec: Omit<TimeSeriesSpec, "last" | "interval">): PanelBuilder {
  return timeSeries({ ...spec, last: "90d", interval: "1d" });
}
