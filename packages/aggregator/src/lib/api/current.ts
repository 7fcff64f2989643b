import { currentSchema } from "../openapi/current-schema.ts";
import { json } from "../server/answer.ts";
import { type Route, route } from "../server/route.ts";
import type { ApiContext } from "./context.ts";
import { deskParameter } from "./desk.ts";

/** `GET /api/current` */
export const currentRoute: Route<Pick<ApiContext, "current">> = route({
  method: "GET",
  path: "/api/current",
  answers: { schema: currentSchema },
  about:
    "Every current statistic, and the counts of each service: `{time, statistics: {NAME: {value, unit, count, windowSeconds, since?, interval?, sketchError?, reason?}}, services: {NAME: {since?, received, duplicate, late, refused, completeness, ...}}}`. A statistic with labels is `{series: [{labels, value, ...}]}`. An unknown value is `null`, with the reason. `interval` is where a share or a percentile lies in the long run, and `sketchError` where the exact percentile of what was measured lies; both are `{low, high, kind, reason?}` ([intervals](#intervals)). `since` is the time of receipt from which a total counts (`windowSeconds` is `null`); it is `null` if that is not known.",
  query: deskParameter,
  handler: ({ query: { desk } }, { current }) => json(current(desk)),
});
