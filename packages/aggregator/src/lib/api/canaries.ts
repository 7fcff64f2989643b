import { canariesSchema } from "../openapi/canaries-schema.ts";
import { json } from "../server/answer.ts";
import { type Route, route } from "../server/route.ts";
import type { ApiContext } from "./context.ts";
import { deskParameter } from "./desk.ts";

/** `GET /api/canaries` */
export const canariesRoute: Route<Pick<ApiContext, "desks">> = route({
  method: "GET",
  path: "/api/canaries",
  answers: { schema: canariesSchema },
  about:
    "The newest canaries: trades with `slipstream.canary`, which test the pipeline and are in no statistic but their own: `{canaries: [{traceId, service, ended, received, seconds}]}`. `slipstream doctor` sends them and looks for them here.",
  query: deskParameter,
  handler: ({ query: { desk } }, { desks }) => {
    const { newest } = desks.engineOf(desk).canaries;
    return json({
      canaries: newest.map(({ traceId, service, endMs, receivedMs }) => ({
        traceId,
        service,
        ended: new Date(endMs).toISOString(),
        received: new Date(receivedMs).toISOString(),
        seconds: receivedMs < endMs ? null : (receivedMs - endMs) / 1_000,
      })),
    });
  },
});
