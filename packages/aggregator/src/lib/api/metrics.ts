import { z } from "zod";
import { expose } from "../exposition/expose.ts";
import { content } from "../server/answer.ts";
import { type Route, route } from "../server/route.ts";
import type { ApiContext } from "./context.ts";

/** `GET /metrics` */
export const metricsRoute: Route<Pick<ApiContext, "metrics">> = route({
  method: "GET",
  path: "/metrics",
  answers: { schema: z.string(), media: ["text/plain", "application/openmetrics-text"] },
  about:
    "Every metric ([metrics.md](metrics.md)) as Prometheus text, or as OpenMetrics with exemplars if the `Accept` header asks for it. Gzipped if the client can read that.",
  handler: async ({ headers }, { metrics }) => {
    const { body, headers: described } = await expose(
      metrics.flatMap((source) => source.collect()),
      { accept: headers.accept, acceptEncoding: headers["accept-encoding"]?.toString() },
    );
    return content(body, { headers: described });
  },
});
