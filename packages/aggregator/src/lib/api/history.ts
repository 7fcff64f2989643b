import type { IncomingMessage } from "node:http";
import { dashboardValues } from "@slipstream/conventions";
import type { HistoryRow } from "@slipstream/engine";
import { z } from "zod";
import type { Dashboards } from "../dashboards/dashboards.ts";
import type { HistoryQuery } from "../history/query.ts";
import { HttpError } from "../server/http-error.ts";
import { respondJson } from "../server/respond.ts";
import type { Route } from "../server/routes.ts";
import type { TokenCheck } from "../server/token.ts";
import {
  dashboardSeries,
  dashboardUnit,
  type HistorySeries,
  inSteps,
  latencySeries,
} from "./history-series.ts";

export interface HistoryRouteOptions {
  readonly dashboard: Pick<Dashboards, "series">;
  readonly history: (query: HistoryQuery) => Promise<readonly HistoryRow[]>;
  readonly checkToken: TokenCheck;
  /** Unix ms. */
  readonly now: () => number;
}

/** The answer of `/api/history`. */
export interface HistoryAnswer {
  readonly statistic: string;
  readonly unit: string;
  readonly from: string;
  readonly to: string;
  readonly stepSeconds: number;
  readonly series: readonly HistorySeries[];
}

const LATENCY = "latency";
const HOUR_MS = 3_600_000;
/** Points that an answer may have, for each series. */
const MOST_POINTS = 20_000;
/** Points that an answer has for each series where no step is asked for, about. */
const USUAL_POINTS = 720;
/** Rows that are read for an answer, so that nobody else waits for long. */
const MOST_ROWS = 100_000;
const MINUTE_SECONDS = 60;
const PANE_SECONDS = 5;

const time = z.iso.datetime({ offset: true }).or(z.iso.date());
const querySchema = z.object({
  statistic: z.enum([LATENCY, ...dashboardValues.map(({ statistic }) => statistic)]),
  from: time.optional(),
  to: time.optional(),
  step: z.coerce.number().int().min(PANE_SECONDS).max(31_536_000).optional(),
  operation: z.string().optional(),
  quantile: z.enum(["0.5", "0.95", "0.99", "0.999"]).optional(),
});

const allowed: Readonly<Record<string, string>> = {
  statistic: [LATENCY, ...dashboardValues.map(({ statistic }) => statistic)].join(", "),
  from: "a time such as 2026-03-01T10:30:00Z",
  to: "a time such as 2026-03-01T10:30:00Z",
  step: "seconds, a whole number from 5",
  quantile: "0.5, 0.95, 0.99, 0.999",
};

/**
 * `GET /api/history?statistic=&from=&to=&step=`: how one of the dashboard's statistics, or `latency` by operation and quantile
 * (`operation=`, `quantile=` select), was over time. Without `from`, the last hour.
 */
export function historyRoutes(options: HistoryRouteOptions): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/api/history",
      handler: async (request, response) => {
        options.checkToken(request);
        const answer = await answerTo(request, options);
        respondJson(request, response, 200, answer, { "cache-control": "no-store" });
      },
    },
  ];
}

async function answerTo(request: IncomingMessage, options: HistoryRouteOptions): Promise<HistoryAnswer> {
  const { statistic, from, to, step, operation, quantile } = parse(request);
  const toMs = to === undefined ? options.now() : Date.parse(to);
  const fromMs = from === undefined ? toMs - HOUR_MS : Date.parse(from);
  if (fromMs >= toMs) throw wrong("from", "must be before to");
  const finest = statistic === LATENCY ? MINUTE_SECONDS : PANE_SECONDS;
  const usual = Math.ceil((toMs - fromMs) / 1_000 / USUAL_POINTS / finest) * finest;
  const stepSeconds = Math.max(step ?? usual, finest);
  if ((toMs - fromMs) / 1_000 / stepSeconds > MOST_POINTS) {
    throw wrong("step", `makes more than ${MOST_POINTS} points; ask for a longer one, or for less time`);
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
      dashboardSeries(await options.dashboard.series(fromMs + 1, toMs), statistic),
      stepSeconds * 1_000,
    );
    return points.length === 0 ? [] : [{ labels: {}, points }];
  }

  async function latency(): Promise<readonly HistorySeries[]> {
    const rows = await options.history({
      table: "latency_percentiles",
      // A minute stands at its end.
      fromMs: fromMs - MINUTE_SECONDS * 1_000 + 1,
      toMs: toMs - MINUTE_SECONDS * 1_000 + 1,
      ...(operation === undefined ? {} : { equal: { operation } }),
      limit: MOST_ROWS + 1,
    });
    if (rows.length > MOST_ROWS)
      throw wrong("from", "asks for too much; ask for less time, or for one operation");
    return latencySeries(rows, (found) => quantile === undefined || found === quantile).map(
      ({ labels, values }) => ({ labels, points: inSteps(values, stepSeconds * 1_000) }),
    );
  }
}

function parse(request: IncomingMessage): z.infer<typeof querySchema> {
  const url = request.url ?? "";
  const mark = url.indexOf("?");
  const query = Object.fromEntries(new URLSearchParams(mark === -1 ? "" : url.slice(mark + 1)));
  const parsed = querySchema.safeParse(query);
  if (parsed.success) return parsed.data;
  const field = String(parsed.error.issues[0]?.path[0] ?? "statistic");
  throw wrong(field, `is not allowed; allowed: ${allowed[field] ?? "something else"}`);
}

function wrong(field: string, what: string): HttpError {
  return new HttpError(400, "bad_query", `${field} ${what}.`, { field });
}
