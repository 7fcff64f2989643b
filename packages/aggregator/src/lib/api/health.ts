import { healthSchema, readinessSchema } from "../openapi/health-schema.ts";
import { json } from "../server/answer.ts";
import { type Route, route } from "../server/route.ts";
import { type ReadinessContext, readiness } from "./readiness.ts";

/** `GET /healthz` */
export const healthRoute: Route<unknown> = route({
  method: "GET",
  path: "/healthz",
  purpose: "watch",
  answers: { schema: healthSchema },
  about: 'Answers 200 and `{status: "ok"}` while the process runs.',
  public: true,
  handler: () => json({ status: "ok" }),
});

/** `GET /readyz` */
export const readinessRoute: Route<ReadinessContext> = route({
  method: "GET",
  path: "/readyz",
  purpose: "watch",
  answers: { schema: readinessSchema, statuses: [200, 503] },
  about:
    "Answers 200 if the aggregator takes data, and 503 if it does not: `{ready, reason?, instance?, log: {ok, position, reason?}, sinks: {NAME: {up, ...}}, channels: {NAME: {up, ...}}, requests: {OUTCOME: COUNT}, clock?: {receiptAheadSeconds}, services?: {NAME: {clockBehindSeconds?, clockAhead?, refusedValues?}}, connections: {open, limit, ...}, misdirected: [{kind, count, remedy, ...}]}`. A remote sink or a channel that is down does not make it unready.",
  public: true,
  handler: (_, context) => {
    const answer = readiness(context);
    return json(answer, { status: answer.ready ? 200 : 503 });
  },
});
