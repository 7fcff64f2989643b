import { aggregatorMetrics } from "@slipstream/conventions";
import { gauge, type MetricFamily, type MetricSource } from "@slipstream/engine";
import type { FeeReturn } from "@slipstream/mev";
import type { MevReports } from "./mev-reports.ts";

/** How old the value on `/metrics` may be before it is made anew: it takes seconds of a core. */
const FRESH_MS = 300_000;
const FIRST_MS = 30_000;

/**
 * `slipstream_mev_fee_return_ratio` and its bounds over the MEV window, made from the history beside the scrapes: each tells what
 * was last known, and none waits.
 */
export function feeReturnMetrics(parts: {
  readonly reports: Pick<MevReports, "ask" | "waiting">;
  /** Whether there are verdicts. */
  readonly watched: () => boolean;
  readonly windowSeconds: () => number;
  /** Unix ms. */
  readonly now: () => number;
}): MetricSource {
  const { reports, watched, windowSeconds, now } = parts;
  let known: FeeReturn | undefined;
  let nextMs = now() + FIRST_MS;

  const refresh = (): void => {
    const nowMs = now();
    if (!watched() || nowMs < nextMs || reports.waiting > 0) return;
    nextMs = nowMs + FRESH_MS;
    const fromMs = nowMs - windowSeconds() * 1_000;
    reports.ask({ kind: "report", by: "size", fromMs, toMs: nowMs }).then(
      (report) => {
        known = report.feeReturn;
      },
      () => undefined,
    );
  };

  return {
    collect(): readonly MetricFamily[] {
      refresh();
      const { value = null, interval, count = 0 } = known?.ratio ?? {};
      return [
        gauge(aggregatorMetrics.mevFeeReturn, value),
        gauge(aggregatorMetrics.mevFeeReturnLow, interval?.low),
        gauge(aggregatorMetrics.mevFeeReturnHigh, interval?.high),
        gauge(aggregatorMetrics.mevFeeReturnSamples, count),
      ];
    },
  };
}
