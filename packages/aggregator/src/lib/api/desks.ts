import { desksSchema } from "../openapi/desks-schema.ts";
import { json } from "../server/answer.ts";
import { type Route, route } from "../server/route.ts";
import type { ApiContext } from "./context.ts";

/** `GET /api/desks` */
export const desksRoute: Route<Pick<ApiContext, "desks">> = route({
  method: "GET",
  path: "/api/desks",
  answers: { schema: desksSchema },
  about:
    "The desks whose data has come, each with statistics of its own: `{desks: [{name, own, time}], maxDesks, leftOut}`. The first is the aggregator's own. `leftOut` counts what came of more desks than `maxDesks`, or with a name that is none: no statistic has it.",
  handler: (_, { desks }) => json(desks.list()),
});
