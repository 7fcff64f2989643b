import { randomUUID } from "node:crypto";
import { type Matcher, MOST_SILENCES, parseDuration, patternProblem, type Silence } from "@slipstream/alerts";
import { parseMatchers } from "@slipstream/alerts/matchers";
import { z } from "zod";
import {
  matchersSchema,
  type NewSilence,
  newSilenceSchema,
  silenceSchema,
  silencesSchema,
} from "../openapi/alerts-schema.ts";
import { json } from "../server/answer.ts";
import { HttpError } from "../server/http-error.ts";
import { badBody, checked } from "../server/json-body.ts";
import { type Route, route } from "../server/route.ts";
import { silenceAnswer } from "./alert-answers.ts";
import type { ApiContext } from "./context.ts";

type Context = Pick<ApiContext, "alerts" | "now">;

/** 366 days: what is silenced for longer is a rule to be switched off. */
const LONGEST_MS = 366 * 24 * 3_600_000;

/** `GET /api/silences` */
export const silencesRoute: Route<Context> = route({
  method: "GET",
  path: "/api/silences",
  answers: { schema: silencesSchema },
  about: "The silences that hold, by their ends: `{silences}`. They hold for all desks.",
  handler: (_, { alerts }) => json({ silences: alerts.ofDesk().silences().map(silenceAnswer) }),
});

/** `POST /api/silences` */
export const silenceRoute: Route<Context> = route({
  method: "POST",
  path: "/api/silences",
  answers: { schema: silenceSchema, statuses: [201] },
  about:
    "Silences alerts for a time: those that match are not sent. Answers with the silence once it is in the log, so that it survives a restart; 409 `too_many_silences`.",
  body: newSilenceSchema,
  handler: async ({ body }, { alerts, now }) => {
    const { by, comment } = body;
    const matchers = checkedMatchers(body.matchers);
    const untilMs = endOf(body, now());
    const silences = (): readonly Silence[] => alerts.ofDesk().silences();
    const checkRoom = (): void => {
      if (silences().length < MOST_SILENCES) return;
      const message = `There are ${MOST_SILENCES} silences, and no more may be: end some.`;
      throw new HttpError(409, "too_many_silences", message);
    };
    checkRoom();
    const id = randomUUID();
    await alerts.commit({ command: "silence", id, matchers, untilMs, by, comment });
    const made = silences().find((one) => one.id === id);
    if (made !== undefined) return json(silenceAnswer(made), { status: 201 });
    // Others took the room meanwhile, or its time was over before it was written.
    checkRoom();
    throw isOver(body);
  },
});

/** `DELETE /api/silences/:id` */
export const expireRoute: Route<Context> = route({
  method: "DELETE",
  path: "/api/silences/:id",
  answers: { schema: silenceSchema },
  about:
    "Ends a silence. What it muted and still fires is sent at once. Answers with the silence once that is in the log; 404 `silence_unknown`.",
  parameters: {
    id: {
      schema: z.string().min(1).max(200),
      allowed: "the id of a silence, as /api/silences lists them",
      about: "The silence.",
    },
  },
  handler: async ({ path: { id } }, { alerts }) => {
    const found = alerts
      .ofDesk()
      .silences()
      .find((one) => one.id === id);
    if (found === undefined) {
      const message = `There is no silence ${JSON.stringify(id.slice(0, 100))}; it may have ended.`;
      throw new HttpError(404, "silence_unknown", message, { field: "id" });
    }
    await alerts.commit({ command: "expire", id });
    return json(silenceAnswer(found));
  },
});

function checkedMatchers(matchers: NewSilence["matchers"]): readonly Matcher[] {
  if (typeof matchers === "string") {
    const parsed = parseMatchers(matchers);
    if (!("problem" in parsed)) return checked(matchersSchema, parsed, "matchers");
    throw badBody(`matchers: at column ${parsed.column}, ${parsed.problem}.`, "matchers");
  }
  for (const [at, { operator, value }] of matchers.entries()) {
    const problem = operator.endsWith("~") ? patternProblem(value) : undefined;
    if (problem !== undefined) throw badBody(`matchers.${at}.value: ${problem}.`, `matchers.${at}.value`);
  }
  return matchers;
}

/** Unix ms. */
function endOf(silence: NewSilence, nowMs: number): number {
  const { duration, until } = silence;
  if ((duration === undefined) === (until === undefined))
    throw badBody("Give either duration, such as 2h, or until, an ISO 8601 time.", "duration");
  const field = endField(silence);
  const seconds = parseDuration(duration ?? "");
  const untilMs = duration === undefined ? Date.parse(until ?? "") : nowMs + (seconds ?? Number.NaN) * 1_000;
  if (Number.isNaN(untilMs)) {
    const allowed = duration === undefined ? "an ISO 8601 time" : "a duration, such as 30m, 2h or 1d";
    throw badBody(`${field} is not allowed; allowed: ${allowed}.`, field);
  }
  if (untilMs <= nowMs) throw isOver(silence);
  if (untilMs > nowMs + LONGEST_MS) throw badBody(`${field}: a silence holds for 366 days at most.`, field);
  return Math.round(untilMs);
}

function isOver(silence: NewSilence): HttpError {
  const field = endField(silence);
  return badBody(`${field}: the silence would be over already.`, field);
}

function endField({ duration }: NewSilence): "until" | "duration" {
  return duration === undefined ? "until" : "duration";
}
