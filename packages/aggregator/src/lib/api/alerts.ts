import { z } from "zod";
import { acknowledgeSchema, alertSchema, alertsSchema } from "../openapi/alerts-schema.ts";
import { json } from "../server/answer.ts";
import { HttpError } from "../server/http-error.ts";
import { type Route, route } from "../server/route.ts";
import { alertAnswer, alertsAnswer } from "./alert-answers.ts";
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

/** `POST /api/alerts/:id/acknowledge` */
export const acknowledgeRoute: Route<Pick<ApiContext, "alerts">> = route({
  method: "POST",
  path: "/api/alerts/:id/acknowledge",
  answers: { schema: alertSchema },
  about:
    "Acknowledges an alert that fires: until it resolves or gets more severe, it is not sent again. Answers with the alert once that is in the log, so that it survives a restart; 404 `alert_unknown`, 409 `alert_not_firing`.",
  parameters: {
    id: {
      schema: z.string().min(1).max(8_000),
      allowed: "the id of an alert, percent-encoded, as /api/alerts lists them",
      about: "The alert.",
    },
  },
  query: deskParameter,
  body: acknowledgeSchema,
  handler: async ({ path: { id }, query: { desk }, body: { episode: wanted, by, comment } }, { alerts }) => {
    const view = () =>
      alerts
        .ofDesk(desk)
        .view()
        .find(({ alert }) => alert === id);
    const found = view();
    if (found === undefined) throw new HttpError(404, "alert_unknown", unknown(id), { field: "id" });
    const { state, episode } = found;
    if (state !== "firing" || (wanted ?? episode) !== episode) throw notFiring(state, episode, wanted);
    await alerts.commit({ command: "acknowledge", alert: id, episode, by, comment }, desk);
    return json(alertAnswer(view() ?? found));
  },
});

function unknown(id: string): string {
  return `No alert ${JSON.stringify(id.slice(0, 100))} fires, is about to, or has no data. GET /api/alerts lists them.`;
}

function notFiring(state: string, episode: number, wanted: number | undefined): HttpError {
  const message =
    state === "firing"
      ? `The alert fires in episode ${episode}, and not in ${wanted}.`
      : `The alert is ${state}: only one that fires can be acknowledged.`;
  return new HttpError(409, "alert_not_firing", message, {
    field: state === "firing" ? "episode" : "id",
  });
}
