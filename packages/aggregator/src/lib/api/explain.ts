import { hasCode } from "@slipstream/conventions";
import type { Explanation } from "@slipstream/mev";
import { z } from "zod";
import { explainWaiting } from "../explain/explain-waiting.ts";
import { explainSchema } from "../openapi/explain-schema.ts";
import { json } from "../server/answer.ts";
import { HttpError } from "../server/http-error.ts";
import { type Route, route } from "../server/route.ts";
import type { ApiContext } from "./context.ts";
import { deskParameter } from "./desk.ts";
import { checkWaiting } from "./mev.ts";

type Context = Pick<ApiContext, "reports" | "desks">;

/** `GET /api/mev/explain` */
export const explainRoute: Route<Context> = route({
  method: "GET",
  path: "/api/mev/explain",
  answers: { schema: explainSchema },
  about:
    "One trade's verdict and what it rests on ([mev.md](mev.md#explaining-a-verdict)): `{trade, verdict, why, source, slots, pools, swaps, roundTrips, replays, signers, notes, ...}`. While the verdict is provisional, it is made of the slots that are held; later, of the log. Answers 404 if there is no such trade or it has no verdict (`trade_unknown`, `no_verdict`), and 409 if several have this name (`trade_ambiguous`). It may take seconds.",
  query: {
    trade: {
      schema: z.string().min(1).max(256),
      allowed: "a trade id, a trace id or a transaction signature",
      about: "The trade.",
    },
    ...deskParameter,
  },
  handler: async ({ query: { trade, desk } }, context) => json(await explained(trade, desk, context)),
});

async function explained(
  trade: string,
  desk: string | undefined,
  { reports, desks }: Context,
): Promise<Explanation> {
  const { verdicts } = desks.engineOf(desk);
  checkWaiting(reports);
  try {
    const stored = await reports.explain(trade, desks.keptAs(desk));
    return explainWaiting(verdicts, stored.trade.id, stored.trade) ?? stored;
  } catch (error) {
    if (hasCode(error, "trade_ambiguous"))
      throw new HttpError(409, error.code, error.message, { field: "trade" });
    if (!hasCode(error, "trade_unknown", "no_verdict")) throw error;
    // Its rows may not be written yet.
    const waiting = explainWaiting(verdicts, trade);
    if (waiting !== undefined) return waiting;
    throw new HttpError(404, error.code, error.message, { field: "trade" });
  }
}
