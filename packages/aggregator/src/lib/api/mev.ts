import type { IncomingMessage } from "node:http";
import { z } from "zod";
import type { MevReports } from "../mev-report/mev-reports.ts";
import { reportDimensions } from "../mev-report/report.ts";
import { HttpError } from "../server/http-error.ts";
import { respondJson } from "../server/respond.ts";
import type { Route } from "../server/routes.ts";
import type { TokenCheck } from "../server/token.ts";

export interface MevRouteOptions {
  readonly reports: Pick<MevReports, "ask" | "waiting">;
  readonly checkToken: TokenCheck;
  /** Unix ms. */
  readonly now: () => number;
}

const DAY_MS = 86_400_000;
/** Advice is learned from so much. */
const ADVICE_MS = 30 * DAY_MS;
/** Each takes seconds of a core. */
const MOST_WAITING = 4;

const time = z.iso.datetime({ offset: true }).or(z.iso.date());
const reportSchema = z.object({
  from: time.optional(),
  to: time.optional(),
  by: z.enum(reportDimensions).default("pair"),
});
const adviceSchema = z.object({
  pair: z.string().min(1).max(256),
  sizeUsd: z.coerce.number().positive(),
  urgency: z.string().min(1).max(256).optional(),
  slippageBps: z.coerce.number().positive().max(10_000).optional(),
  from: time.optional(),
  to: time.optional(),
});

const allowed: Readonly<Record<string, string>> = {
  from: "a time such as 2026-03-01T10:30:00Z",
  to: "a time such as 2026-03-01T10:30:00Z",
  by: reportDimensions.join(", "),
  pair: "a pair such as SOL/USDC",
  sizeUsd: "a number above 0 (USD)",
  slippageBps: "a number above 0, up to 10000 (basis points)",
  urgency: "a word that the desk's trades carry as trade.strategy",
};

/**
 * `GET /api/mev?from=&to=&by=pair|size|protection|hour`: what MEV did to the desk, without `from` in the last day; and
 * `GET /api/advice?pair=&sizeUsd=&urgency=&slippageBps=`: what to offer, learned from the last 30 days; without `urgency` from trades
 * of any, without `slippageBps` for a tolerance as usual.
 */
export function mevRoutes({ reports, checkToken, now }: MevRouteOptions): readonly Route[] {
  const span = (from: string | undefined, to: string | undefined, usualMs: number) => {
    const toMs = to === undefined ? now() + 1 : Date.parse(to);
    const fromMs = from === undefined ? toMs - usualMs : Date.parse(from);
    if (fromMs >= toMs) throw wrong("from", "must be before to");
    if (reports.waiting >= MOST_WAITING) {
      throw new HttpError(429, "busy", `${MOST_WAITING} such questions wait already; ask again later.`);
    }
    return { fromMs, toMs };
  };
  return [
    {
      method: "GET",
      path: "/api/mev",
      handler: async (request, response) => {
        checkToken(request);
        const { from, to, by } = parse(reportSchema, request);
        const answer = await reports.ask({ kind: "report", by, ...span(from, to, DAY_MS) });
        respondJson(request, response, 200, answer, { "cache-control": "no-store" });
      },
    },
    {
      method: "GET",
      path: "/api/advice",
      handler: async (request, response) => {
        checkToken(request);
        const { from, to, urgency = null, slippageBps = null, ...query } = parse(adviceSchema, request);
        const question = { kind: "advice" as const, ...query, urgency, slippageBps };
        const answer = await reports.ask({ ...question, ...span(from, to, ADVICE_MS) });
        respondJson(request, response, 200, answer, { "cache-control": "no-store" });
      },
    },
  ];
}

function parse<T>(schema: z.ZodType<T>, request: IncomingMessage): T {
  const url = request.url ?? "";
  const mark = url.indexOf("?");
  const parsed = schema.safeParse(
    Object.fromEntries(new URLSearchParams(mark === -1 ? "" : url.slice(mark + 1))),
  );
  if (parsed.success) return parsed.data;
  const field = String(parsed.error.issues[0]?.path[0] ?? "from");
  throw wrong(field, `is not allowed; allowed: ${allowed[field] ?? "something else"}`);
}

function wrong(field: string, what: string): HttpError {
  return new HttpError(400, "bad_query", `${field} ${what}.`, { field });
}
