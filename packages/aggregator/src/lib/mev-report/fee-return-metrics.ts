import { aggregatorMetrics } from "@slipstream/conventions";
import type { MetricFamily, MetricSource, NumberSample } from "@slipstream/exposition";
import type { FeeReturn } from "@slipstream/mev";
import type { MevReports } from "./mev-reports.ts";

/** How old the values on `/metrics` may be before they are made anew: each takes seconds of a core. */
const FRESH_MS = 300_000;
const FIRST_MS = 30_000;

/**
 * `slipstream_mev_fee_return_ratio` and its bounds over the MEV window, for each desk, made from the history beside the scrapes: each
 * reports what was last known, and none waits.
 */
export function feeReturnMetrics(parts: {
  readonly reports: Pick<MevReports, "ask" | "waiting">;
  /** The own desk, then the others, as their data is kept. */
  readonly desks: () => readonly string[];
  /** Whether there are verdicts. */
  readonly watched: () => boolean;
  readonly windowSeconds: () => number;
  /** Unix ms. */
  readonly now: () => number;
}): MetricSource {
  const { reports, desks, watched, windowSeconds, now } = parts;
  const known: Map<string, FeeReturn> = new Map();
  const nextMs: Map<string, number> = new Map();
  const beginMs = now() + FIRST_MS;

  /** One desk at a time. */
  const refresh = (): void => {
    const nowMs = now();
    if (!watched() || reports.waiting > 0) return;
    const desk = desks().find((one) => nowMs >= (nextMs.get(one) ?? beginMs));
    if (desk === undefined) return;
    nextMs.set(desk, nowMs + FRESH_MS);
    const fromMs = nowMs - windowSeconds() * 1_000;
    reports.ask({ kind: "report", by: "size", fromMs, toMs: nowMs, desk }).then(
      (report) => {
        known.set(desk, report.feeReturn);
      },
      () => undefined,
    );
  };

  const samples = (read: (ratio: Partial<FeeReturn["ratio"]>) => number | null | undefined): NumberSample[] =>
    desks().flatMap((desk) => {
      const value = read(known.get(desk)?.ratio ?? {});
      if (value === null || value === undefined) return [];
      return [{ labels: desk === "" ? {} : { desk }, value }];
    });

  return {
    collect(): readonly MetricFamily[] {
      refresh();
      return [
        { definition: aggregatorMetrics.mevFeeReturn, samples: samples(({ value }) => value) },
        { definition: aggregatorMetrics.mevFeeReturnLow, samples: samples(({ interval }) => interval?.low) },
        {
          definition: aggregatorMetrics.mevFeeReturnHigh,
          samples: samples(({ interval }) => interval?.high),
        },
        { definition: aggregatorMetrics.mevFeeReturnSamples, samples: samples(({ count = 0 }) => count) },
      ];
    },
  };
}
