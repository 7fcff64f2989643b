import type { CurrentStatistics, MetricSource } from "@slipstream/engine";
import { createMetricsHandler } from "../exposition/metrics-handler.ts";
import { respondJson } from "../server/respond.ts";
import type { Handler, Route } from "../server/routes.ts";
import type { TokenCheck } from "../server/token.ts";

/** `GET /metrics` and `GET /api/current`, for those who carry the token where there is one. */
export function statisticsRoutes(parts: {
  readonly current: () => CurrentStatistics;
  readonly metrics: readonly MetricSource[];
  readonly checkToken: TokenCheck;
}): readonly Route[] {
  const guarded =
    (handler: Handler): Handler =>
    (request, response) => {
      parts.checkToken(request);
      return handler(request, response);
    };
  const metrics = createMetricsHandler(() => parts.metrics.flatMap((source) => source.collect()));
  return [
    { method: "GET", path: "/metrics", handler: guarded(metrics) },
    {
      method: "GET",
      path: "/api/current",
      handler: guarded((request, response) =>
        respondJson(request, response, 200, parts.current(), { "cache-control": "no-store" }),
      ),
    },
  ];
}
