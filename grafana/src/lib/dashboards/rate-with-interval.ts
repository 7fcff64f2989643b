import { aggregatorMetrics } from "@slipstream/conventions";
import { units } from "../build/units.ts";
import type { StatSpec } from "../panels/stat.ts";
import type { TimeSeriesSpec } from "../panels/time-series.ts";
import { ofDesk } from "../promql/series.ts";
import { newest, promql } from "../queries/promql.ts";

/** Rates that the aggregator gives a 95 % interval and the number of trades behind them. */
type Rate = "success" | "slippageAccuracy" | "mevAvoidance" | "mevDetection" | "mevFeeReturn";

const LOW = "lower bound";
const HIGH = "upper bound";

/**
 * For a graph: a rate, its interval as a grey band, and the number of trades on an axis of its own.
 * @param trades what that number is called; left out: it is not drawn
 */
export function overTimeWithInterval(
  rate: Rate,
  name: string,
  trades?: string,
): Pick<TimeSeriesSpec, "band" | "right" | "queries"> {
  const { value, low, high, samples } = metricsOf(rate);
  const band = { low: LOW, high: HIGH };
  const queries = [promql(ofDesk(value), name), promql(ofDesk(low), LOW), promql(ofDesk(high), HIGH)];
  if (trades === undefined) return { band, queries };
  return {
    band,
    right: { series: trades, unit: units.trades },
    queries: [...queries, promql(ofDesk(samples), trades)],
  };
}

/** For large values: a rate, the bounds of its interval, and the number of trades. */
export function newestWithInterval(
  rate: Rate,
  name: string,
  trades: string,
): Pick<StatSpec, "beside" | "queries"> {
  const { value, low, high, samples } = metricsOf(rate);
  return {
    beside: { [trades]: units.trades },
    queries: [
      newest(ofDesk(value), name),
      newest(ofDesk(low), "at least"),
      newest(ofDesk(high), "at most"),
      newest(ofDesk(samples), trades),
    ],
  };
}

function metricsOf(rate: Rate) {
  return {
    value: aggregatorMetrics[rate],
    low: aggregatorMetrics[`${rate}Low` as const],
    high: aggregatorMetrics[`${rate}High` as const],
    samples: aggregatorMetrics[`${rate}Samples` as const],
  };
}
