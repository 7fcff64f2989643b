import { z } from "zod";
import { reportDimensions } from "../mev-report/report-dimension.ts";
import { mevSchema } from "../openapi/mev-schema.ts";
import { json } from "../server/answer.ts";
import { HttpError } from "../server/http-error.ts";
import { type Route, route } from "../server/route.ts";
import type { ApiContext } from "./context.ts";
import { deskParameter } from "./desk.ts";
import { periodOf, periodParameters } from "./period.ts";

const DAY_MS = 86_400_000;

/** Each question takes a core for seconds. */
const MOST_WAITING = 4;

/** `GET /api/mev` */
export const mevRoute: Route<Pick<ApiContext, "reports" | "desks" | "now">> = route({
  method: "GET",
  path: "/api/mev",
  answers: { schema: mevSchema },
  about:
    "What MEV did to the desk ([mev.md](mev.md#live)): `{by, truncated, overall, groups, attackers, ...}` with verdicts, rates and losses in all and by group. It may take seconds.",
  query: {
    ...periodParameters("a day"),
    by: {
      schema: z.enum(reportDimensions).default("pair"),
      allowed: reportDimensions.join(", "),
      about: "What to group by. Default: pair.",
    },
    ...deskParameter,
  },
  handler: async ({ query }, { reports, desks, now }) => {
    const { from, to, by } = query;
    const desk = desks.keptAs(query.desk);
    const period = periodOf({ from, to }, DAY_MS, now() + 1);
    checkWaiting(reports);
    return json(await reports.ask({ kind: "report", by, ...period, desk }));
  },
});

/** @throws HttpError 429 if too many questions wait already */
export function checkWaiting({ waiting }: ApiContext["reports"]): void {
  if (waiting < MOST_WAITING) return;
  throw new HttpError(429, "busy", `${MOST_WAITING} questions like this wait already. Ask again later.`, {
    headers: { "retry-after": "5" },
  });
}
