import { json } from "../server/answer.ts";
import { type Route, route } from "../server/route.ts";
import type { ApiContext } from "./context.ts";

/** `GET /api/current` */
export const currentRoute: Route<Pick<ApiContext, "current">> = route({
  method: "GET",
  path: "/api/current",
  about:
    "Every current statistic with its count, its window and its interval, and the counts of each service. An unknown value is `null`, with the reason.",
  handler: (_, { current }) => json(current()),
});
