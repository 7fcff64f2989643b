import type { AlertView } from "@slipstream/alerts";
import { z } from "zod";
import { acknowledgeSchema, alertSchema, alertsSchema } from "../openapi/alerts-schema.ts";
import { json } from "../server/answer.ts";
import { HttpError } from "../server/http-error.ts";
import { type Route, route } from "../server/route.ts";
import { alertAnswer, alertsAnswer } from "./alert-answers.ts";
import type { ApiAlerts } from "./api-alerts.ts";
import type { ApiContext } from "./context.ts";
import { deskParameter } from "./desk.ts";

/** `GET /api/alerts` */
export const alertsRoute: Route<Pick<ApiContext, "alerts" | "channels">> = route({
  method: "GET",
  path: "/api/alerts",
  answers: { schema: alertsSchema },
  about:
    "The alerts that fire, are about to fire, or have no data ([alerts.md](alerts.md)), the rules that are on, and the channels that notifications are sent to: `{alerts, states: {firing, pending, no_data}, rules, digest, channels}`.",
  query: deskParameter,
  handler: ({ query: { desk } }, { alerts, channels }) =>
    json(alertsAnswer(alerts.ofDesk(desk), channels(), alerts.digest(desk))),
});

const ofAlert = {
  parameters: {
    id: {
      schema: z.string().min(1).max(8_000),
      allowed: "the id of an alert, percent-encoded, as /api/alerts lists them",
      about: "The alert.",
    },
  },
  query: deskParameter,
  body: acknowledgeSchema,
} as const;

/** `POST /api/alerts/:id/acknowledge` */
export const acknowledgeRoute: Route<Pick<ApiContext, "alerts">> = route({
  method: "POST",
  path: "/api/alerts/:id/acknowledge",
  answers: { schema: alertSchema },
  about:
    "Acknowledges an alert that fires: until it resolves or gets more severe, it is not sent again. Answers with the alert once that is in the log, so that it survives a restart; 404 `alert_unknown`, 409 `alert_not_firing`.",
  ...ofAlert,
  handler: async ({ path: { id }, query: { desk }, body: { episode: wanted, by, comment } }, { alerts }) => {
    const found = firing(alerts, id, { desk, wanted });
    const { episode } = found;
    await alerts.commit({ command: "acknowledge", alert: id, episode, by, comment }, desk);
    return json(alertAnswer(find(alerts, id, desk) ?? found));
  },
});

/** `POST /api/alerts/:id/close` */
export const closeRoute: Route<Pick<ApiContext, "alerts">> = route({
  method: "POST",
  path: "/api/alerts/:id/close",
  answers: { schema: alertSchema },
  about:
    "Closes an alert that fires: it resolves, and does not fire again before its condition has been known not to hold. For what no longer exists, such as a service that was taken away. Answers with the alert as it was, once that is in the log; 404 `alert_unknown`, 409 `alert_not_firing`.",
  ...ofAlert,
  handler: async ({ path: { id }, query: { desk }, body: { episode: wanted, by, comment } }, { alerts }) => {
    const found = firing(alerts, id, { desk, wanted });
    const { episode } = found;
    await alerts.commit({ command: "close", alert: id, episode, by, comment }, desk);
    return json(alertAnswer(found));
  },
});

function find(alerts: ApiAlerts, id: string, desk: string | undefined): AlertView | undefined {
  return alerts
    .ofDesk(desk)
    .view()
    .find(({ alert }) => alert === id);
}

/** @throws HttpError 404 if there is no such alert, 409 if it does not fire in that episode */
function firing(
  alerts: ApiAlerts,
  id: string,
  { desk, wanted }: { readonly desk: string | undefined; readonly wanted: number | undefined },
): AlertView {
  const found = find(alerts, id, desk);
  if (found === undefined) throw new HttpError(404, "alert_unknown", unknown(id), { field: "id" });
  const { state, episode } = found;
  if (state !== "firing" || (wanted ?? episode) !== episode) throw notFiring(state, episode, wanted);
  return found;
}

function unknown(id: string): string {
  return `No alert ${JSON.stringify(id.slice(0, 100))} fires, is about to, or has no data. GET /api/alerts lists them.`;
}

function notFiring(state: string, episode: number, wanted: number | undefined): HttpError {
  const message =
    state === "firing"
      ? `The alert fires in episode ${episode}, and not in ${wanted}.`
      : `The alert is ${state}: only one that fires can be acknowledged or closed.`;
  return new HttpError(409, "alert_not_firing", message, {
    field: state === "firing" ? "episode" : "id",
  });
}
