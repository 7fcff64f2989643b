import { dashboardValues } from "@slipstream/conventions";
import { z } from "zod";
import { historySchema } from "../openapi/history-schema.ts";
import { json } from "../server/answer.ts";
import { badQuery, type Parsed } from "../server/parameters.ts";
import { type Route, route } from "../server/route.ts";
import type { ApiContext } from "./context.ts";
import {
  dashboardSeries,
  dashboardUnit,
  type HistoryAnswer,
  type HistorySeries,
  inSteps,
  latencySeries,
} from "./history-series.ts";
import { periodOf, periodParameters } from "./period.ts";

const LATENCY = "latency";
const HOUR_MS = 3_600_000;
/** Most points that a series of an answer may have. */
const MOST_POINTS = 20_000;
/** About how many points a series has if no step is asked for. */
const USUAL_POINTS = 720;
/** Most rows that are read for an answer, so that others do not wait for long. */
const MOST_ROWS = 100_000;
const MINUTE_SECONDS = 60;
const PANE_SECONDS = 5;

const statistics = [LATENCY, ...dashboardValues.map(({ statistic }) => statistic)] as const;
const quantiles = ["0.5", "0.95", "0.99", "0.999"] as const;

const query = {
  statistic: {
    schema: z.enum(statistics),
    allowed: statistics.join(", "),
    about: "One of the dashboard's statistics, or `latency`: percentiles by operation.",
  },
  ...periodParameters("an hour"),
  step: {
    schema: z.coerce.number().int().min(PANE_SECONDS).max(31_536_000).optional(),
    allowed: "seconds, a whole number from 5 to 31536000",
    about: `Time between points. Default: what gives ${USUAL_POINTS} points or fewer. Of \`latency\`, at least ${MINUTE_SECONDS}.`,
  },
  operation: {
    schema: z.string().optional(),
    allowed: "an operation such as solana.rpc",
    about: "Of `latency`: only this operation. Default: all.",
  },
  quantile: {
    schema: z.enum(quantiles).optional(),
    allowed: quantiles.join(", "),
    about: "Of `latency`: only this quantile. Default: all.",
  },
};

type HistoryContext = Pick<ApiContext, "dashboard" | "history" | "now">;

/** `GET /api/history` */
export const historyRoute: Route<HistoryContext> = route({
  method: "GET",
  path: "/api/history",
  answers: { schema: historySchema },
  about:
    "How a statistic was over time: `{statistic, unit, from, to, stepSeconds, series: [{labels, points: [{time, value, min?, max?}]}]}`. A point stands at the end of its step, with the last value and the lowest and highest. A step in which nothing was known has no point.",
  query,
  handler: async (request, context) => json(await answerTo(request.query, context)),
});

async function answerTo(asked: Parsed<typeof query>, context: HistoryContext): Promise<HistoryAnswer> {
  const { statistic, step, operation, quantile } = asked;
  const { fromMs, toMs } = periodOf(asked, HOUR_MS, context.now());
  const finest = statistic === LATENCY ? MINUTE_SECONDS : PANE_SECONDS;
  const usual = Math.ceil((toMs - fromMs) / 1_000 / USUAL_POINTS / finest) * finest;
  const stepSeconds = Math.max(step ?? usual, finest);
  if ((toMs - fromMs) / 1_000 / stepSeconds > MOST_POINTS) {
    throw badQuery("step", `makes more than ${MOST_POINTS} points; ask for a longer one, or for less time`);
  }
  const series = statistic === LATENCY ? await latency() : await dashboard();
  return {
    statistic,
    unit: dashboardUnit(statistic) ?? "ms",
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    stepSeconds,
    series,
  };

  async function dashboard(): Promise<readonly HistorySeries[]> {
    const points = inSteps(
      dashboardSeries(await context.dashboard.series(fromMs + 1, toMs), statistic),
      stepSeconds * 1_000,
    );
    return points.length === 0 ? [] : [{ labels: {}, points }];
  }

  async function latency(): Promise<readonly HistorySeries[]> {
    const rows = await context.history({
      table: "latency_percentiles",
      // A row has the start of its minute; its point is at the end.
      fromMs: fromMs - MINUTE_SECONDS * 1_000 + 1,
      toMs: toMs - MINUTE_SECONDS * 1_000 + 1,
      ...(operation === undefined ? {} : { equal: { operation } }),
      limit: MOST_ROWS + 1,
    });
    if (rows.length > MOST_ROWS)
      throw badQuery("from", "asks for too much; ask for less time, or for one operation");
    return latencySeries(rows, (found) => quantile === undefined || found === quantile).map(
      ({ labels, values }) => ({ labels, points: inSteps(values, stepSeconds * 1_000) }),
    );
  }
}
