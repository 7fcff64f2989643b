import { z } from "zod";
import { adviceSchema } from "../openapi/advice-schema.ts";
import { json } from "../server/answer.ts";
import { type Route, route } from "../server/route.ts";
import type { ApiContext } from "./context.ts";
import { deskParameter } from "./desk.ts";
import { checkWaiting } from "./mev.ts";
import { periodOf, periodParameters } from "./period.ts";

/** Advice is learned from trades of this long. */
const LEARNED_MS = 30 * 86_400_000;

/** `GET /api/advice` */
export const adviceRoute: Route<Pick<ApiContext, "reports" | "desks" | "now">> = route({
  method: "GET",
  path: "/api/advice",
  answers: { schema: adviceSchema },
  about:
    "The priority fee and tip of the highest expected value for a trade, learned from the desk's own trades: `{pair, sizeUsd, advice, reason?, ...}`. `advice` is `null`, with the reason, if there are too few of them. It may take seconds.",
  query: {
    pair: {
      schema: z.string().min(1).max(256),
      allowed: "a pair such as SOL/USDC",
      about: "The pair to trade.",
    },
    sizeUsd: {
      schema: z.coerce.number().positive(),
      allowed: "a number above 0 (USD)",
      about: "The size of the trade.",
    },
    urgency: {
      schema: z.string().min(1).max(256).optional(),
      allowed: "a value of trade.strategy",
      about: "Learn only from trades of this strategy. Default: from all.",
    },
    slippageBps: {
      schema: z.coerce.number().positive().max(10_000).optional(),
      allowed: "a number above 0, up to 10000 (basis points)",
      about: "The slippage tolerance of the trade. Default: the usual one.",
    },
    ...periodParameters("30 days"),
    ...deskParameter,
  },
  handler: async ({ query }, { reports, desks, now }) => {
    const { from, to, urgency = null, slippageBps = null, desk: name, ...trade } = query;
    const desk = desks.keptAs(name);
    const period = periodOf({ from, to }, LEARNED_MS, now() + 1);
    checkWaiting(reports);
    return json(await reports.ask({ kind: "advice", ...trade, urgency, slippageBps, ...period, desk }));
  },
});
