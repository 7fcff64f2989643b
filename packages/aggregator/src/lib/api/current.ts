import { json } from "../server/answer.ts";
import { type Route, route } from "../server/route.ts";
import type { ApiContext } from "./context.ts";

/** `GET /api/current` */
export const currentRoute: Route<Pick<ApiContext, "current">> = route({
  method: "GET",
  path: "/api/current",
  about:
    "Every current statistic, and the counts of each service: `{time, statistics: {NAME: {value, unit, count, windowSeconds, low?, high?, reason?}}, services: {NAME: {received, duplicate, late, refused, completeness, ...}}}`. A statistic with labels is `{series: [{labels, value, ...}]}`. An unknown value is `null`, with the reason.",
  handler: (_, { current }) => json(current()),
});
