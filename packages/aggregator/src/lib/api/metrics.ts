import { z } from "zod";
import { content } from "../server/answer.ts";
import { type Route, route } from "../server/route.ts";
import type { ApiContext } from "./context.ts";

/** `GET /metrics` */
export const metricsRoute: Route<Pick<ApiContext, "metrics">> = route({
  method: "GET",
  path: "/metrics",
  purpose: "watch",
  answers: { schema: z.string(), media: ["text/plain", "application/openmetrics-text"] },
  about:
    "Every metric ([metrics.md](metrics.md)) as Prometheus text, or as OpenMetrics with exemplars if the `Accept` header asks for it. Gzipped if the client can read that. It is rendered once for all who scrape at the same time: every record of the log that was applied before the request is in it; what does not come from the log (process, sinks, connections) is at most a second old.",
  handler: async ({ headers: { accept, "accept-encoding": acceptEncoding } }, { metrics }) => {
    const { body, headers } = await metrics.get({ accept, acceptEncoding: acceptEncoding?.toString() });
    return content(body, { headers });
  },
});
