import { dashboardValues, tradeLabels } from "@slipstream/conventions";
import { z } from "zod";
import { historySchema } from "../openapi/history-schema.ts";
import { json } from "../server/answer.ts";
import { badQuery, type Parsed } from "../server/parameters.ts";
import { type Route, route } from "../server/route.ts";
import type { ApiContext } from "./context.ts";
import { deskParameter } from "./desk.ts";
import {
  dashboardSeries,
  dashboardUnit,
  type HistoryAnswer,
  type HistorySeries,
  inSteps,
} from "./history-series.ts";
import { periodOf, periodParameters } from "./period.ts";
import type { RowStatistic, Wanted } from "./row-statistics/row-statistic.ts";
import { rowStatistics } from "./row-statistics/row-statistics.ts";

const HOUR_MS = 3_600_000;
/** Most points that a series of an answer may have. */
const MOST_POINTS = 20_000;
/** About how many points a series has if no step is asked for. */
const USUAL_POINTS = 720;
/** Most rows that are read for an answer, so that others do not wait for long. */
const MOST_ROWS = 100_000;
const MINUTE_SECONDS = 60;
const PANE_SECONDS = 5;

const ofDashboard: readonly string[] = dashboardValues.map(({ statistic }) => statistic);
const statistics: readonly string[] = [...ofDashboard, ...rowStatistics.keys()];
const quantiles = ["0.5", "0.95", "0.99", "0.999"] as const;

const query = {
  statistic: {
    schema: z.enum(statistics),
    allowed: `latency, ${ofDashboard.join(", ")}, or one by label, such as trades_by_pair`,
    about:
      "One of the dashboard's statistics; `latency`: percentiles by operation; or a statistic by label, named as in `/api/current`: " +
      "`trades_by_pair`, `success_rate_by_pair`, `pnl_usd_by_pair`, `trade_latency_by_pair`, `mev_verdicts_by_pair`, " +
      "`mev_detection_rate_by_pair`, `mev_avoidance_rate_by_pair`, `mev_unknown_rate_by_pair`, `mev_loss_usd_by_pair`, " +
      `\`mev_mean_loss_usd_by_pair\`, each also by ${tradeLabels.filter((label) => label !== "pair").join(", ")}; ` +
      "`node_latency_by_service`, `node_error_rate_by_service`, and the same of `jupiter` and `database`. Counts, money and rates by " +
      "label are those of the step: of the trades, or calls, that ended in it.",
  },
  ...periodParameters("an hour"),
  step: {
    schema: z.coerce.number().int().min(PANE_SECONDS).max(31_536_000).optional(),
    allowed: "seconds, a whole number from 5 to 31536000",
    about: `Time between points. Default: what gives ${USUAL_POINTS} points or fewer. Of \`latency\` and by label, at least ${MINUTE_SECONDS}.`,
  },
  operation: {
    schema: z.string().optional(),
    allowed: "an operation such as solana.rpc",
    about: "Of `latency`: only this operation. Default: all.",
  },
  quantile: {
    schema: z.enum(quantiles).optional(),
    allowed: quantiles.join(", "),
    about: "Of latencies: only this quantile. Default: all.",
  },
  value: {
    schema: z.string().optional(),
    allowed: "a value of the label, such as SOL/USDC",
    about: "Of statistics by label: only this value. Default: all.",
  },
  ...deskParameter,
};

type HistoryContext = Pick<ApiContext, "dashboardOf" | "history" | "desks" | "now">;

/** `GET /api/history` */
export const historyRoute: Route<HistoryContext> = route({
  method: "GET",
  path: "/api/history",
  answers: { schema: historySchema },
  about:
    "How a statistic was over time: `{statistic, unit, from, to, stepSeconds, series: [{labels, points: [{time, value, min?, max?}]}]}`. A point stands at the end of its step, with the last value and the lowest and highest; counts, money and rates by label have the value of the whole step. A step in which nothing was known has no point.",
  query,
  handler: async (request, context) => json(await answerTo(request.query, context)),
});

async function answerTo(asked: Parsed<typeof query>, context: HistoryContext): Promise<HistoryAnswer> {
  const { statistic, step, operation, quantile, value } = asked;
  const desk = context.desks.keptAs(asked.desk);
  const { fromMs, toMs } = periodOf(asked, HOUR_MS, context.now());
  const ofRows = rowStatistics.get(statistic);
  const finest = ofRows === undefined ? PANE_SECONDS : MINUTE_SECONDS;
  const usual = Math.ceil((toMs - fromMs) / 1_000 / USUAL_POINTS / finest) * finest;
  const stepSeconds = Math.max(step ?? usual, finest);
  if ((toMs - fromMs) / 1_000 / stepSeconds > MOST_POINTS) {
    throw badQuery("step", `makes more than ${MOST_POINTS} points; ask for a longer one, or for less time`);
  }
  const stepMs = stepSeconds * 1_000;
  return {
    statistic,
    unit: ofRows?.unit ?? dashboardUnit(statistic) ?? "",
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    stepSeconds,
    series:
      ofRows === undefined ? await dashboard() : await rows(ofRows, { operation, quantile, value, stepMs }),
  };

  async function dashboard(): Promise<readonly HistorySeries[]> {
    const points = inSteps(
      dashboardSeries(await context.dashboardOf(desk).series(fromMs + 1, toMs), statistic),
      stepMs,
    );
    return points.length === 0 ? [] : [{ labels: {}, points }];
  }

  async function rows(of: RowStatistic, wanted: Wanted): Promise<readonly HistorySeries[]> {
    const rows = await context.history({
      ...of.query(wanted),
      desk,
      // Points of a minute stand at its end.
      fromMs: fromMs - of.lengthMs + 1,
      toMs: toMs - of.lengthMs + 1,
      limit: MOST_ROWS + 1,
    });
    if (rows.length > MOST_ROWS) {
      throw badQuery("from", "asks for too much; ask for less time, or for one operation or value");
    }
    return of.series(rows, wanted);
  }
}
