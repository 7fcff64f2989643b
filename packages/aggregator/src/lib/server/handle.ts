import type { IncomingMessage, ServerResponse } from "node:http";
import { type Answer, type ContentAnswer, content } from "./answer.ts";
import type { Answers } from "./connections/answers.ts";
import type { Connection, Exchange } from "./connections/connection.ts";
import type { ConnectionLimits } from "./connections/limits.ts";
import type { HostCheck } from "./host.ts";
import { ClientGone, errorAnswer, HttpError, toHttpError } from "./http-error.ts";
import {
  kindOfDelivery,
  kindOfLost,
  kindOfRefusal,
  type MisdirectedName,
  misdirectedKinds,
  tidied,
} from "./misdirected/kinds.ts";
import type { Misdirected } from "./misdirected/misdirected.ts";
import { checkOrigin } from "./origin.ts";
import { inBytes, respond, respondHead } from "./respond.ts";
import type { Route } from "./route.ts";
import type { Found, RouteTable } from "./route-table.ts";
import type { Streams } from "./streams.ts";
import { parseTarget } from "./target.ts";
import type { TokenCheck } from "./token.ts";

export interface Handling<Context> {
  readonly routes: RouteTable<Context>;
  /** What the routes' handlers read from. */
  readonly context: Context;
  readonly checkHost: HostCheck;
  /** Names that are ours beside the address. */
  readonly allowedNames: ReadonlySet<string>;
  readonly checkToken: TokenCheck;
  readonly streams: Streams;
  readonly answers: Answers;
  readonly limits: Pick<ConnectionLimits, "maxHandling" | "handlingMs">;
  /** Requests of purpose `ask` that are worked on. */
  asking: number;
  readonly misdirected: Pick<Misdirected, "count">;
  /** Gets errors that no client caused. */
  readonly onError: (error: unknown) => void;
}

/** Answers one request, whatever it is. Every check is made here, so that no route can leave one out. */
export async function handle<Context>(
  server: Handling<Context>,
  connection: Connection,
  { request, response, asksFirst }: Exchange,
): Promise<void> {
  let found: Found<Context> | undefined;
  const { method = "", headers } = request;
  const lost = (kind: MisdirectedName | undefined, path?: string): void => {
    if (kind === undefined) return;
    const { "user-agent": userAgent } = headers;
    server.misdirected.count({ kind, address: connection.address, userAgent, method, path });
  };
  const refuse = (error: HttpError) =>
    found?.route.refuse?.(error, headers, server.context) ?? errorAnswer(error);
  try {
    const target = parseTarget(request.url ?? "");
    found = server.routes.find(method, target.path) ?? findDelivery(server.routes, method, target.path);
    checkOrigin(request, server.checkHost(request, target.authority), server.allowedNames);
    if (connection.reserved) checkPurpose(found?.route, response);
    if (found === undefined) {
      const kind = kindOfLost(method, target.path, headers);
      lost(kind, target.path);
      const answer = unrouted(server.routes, method, target.path, kind);
      send(server, connection, request, response, answer);
      return;
    }
    const { route, pathValues } = found;
    if (!route.public) server.checkToken(headers);
    if (route.purpose === "deliver") lost(kindOfDelivery(target.path, headers), target.path);
    if (asksFirst) response.writeContinue();
    const raw = { incoming: request, pathValues, query: target.query };
    const answer = await answerInTime(server, route, () => route.answer(raw, server.context));
    send(server, connection, request, response, answer);
    if (route.purpose === "deliver" && response.statusCode === 200) connection.delivered = true;
  } catch (error) {
    // There is nobody to answer. The second is what a handler gets that reads the body itself.
    if (error instanceof ClientGone || error === request.errored) return;
    const shown = toHttpError(error);
    if (found?.route.purpose === "deliver") lost(kindOfRefusal(shown.code, headers), found.route.path);
    if (shown !== error) server.onError(error);
    // An answer that is half sent cannot be taken back: the client sees it cut short.
    if (response.headersSent) request.socket.destroy();
    else send(server, connection, request, response, refuse(shown));
  }
}

/** @throws HttpError 503 if the route is not one of those that the reserve is kept for */
function checkPurpose(route: Pick<Route<never>, "purpose"> | undefined, response: ServerResponse): void {
  // The place is for the next who looks.
  response.setHeader("connection", "close");
  if (route?.purpose === "watch") return;
  throw new HttpError(503, "too_many_connections", "Too many connections are open; try again later.", {
    headers: { "retry-after": "1" },
  });
}

/**
 * What a route answers, in time. If it takes longer, what it still does is left to end by itself.
 * @throws HttpError 503 `busy`, `handling_timeout`
 */
async function answerInTime(
  server: Pick<Handling<unknown>, "limits" | "asking">,
  { purpose }: Pick<Route<never>, "purpose">,
  answer: () => Answer | Promise<Answer>,
): Promise<Answer> {
  const { maxHandling, handlingMs } = server.limits;
  const asks = purpose === "ask";
  if (asks && server.asking >= maxHandling) {
    throw unavailable("busy", `${maxHandling} requests are being worked on already; try again later.`);
  }
  const answered = answer();
  if (!(answered instanceof Promise)) return answered;
  if (asks) {
    server.asking += 1;
    const done = (): void => {
      server.asking -= 1;
    };
    answered.then(done, done);
  }
  let deadline: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = () =>
      unavailable("handling_timeout", `There was no answer within ${handlingMs / 1_000} s; try again later.`);
    deadline = setTimeout(() => reject(error()), handlingMs);
  });
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(deadline);
  }
}

function unavailable(code: "busy" | "handling_timeout", message: string): HttpError {
  return new HttpError(503, code, message, { headers: { "retry-after": "1" } });
}

/** A path that takes telemetry is found with a slash too many as well: a base URL often ends with one. */
function findDelivery<Context>(
  routes: RouteTable<Context>,
  method: string,
  path: string,
): Found<Context> | undefined {
  const found = routes.find(method, tidied(path));
  return found?.route.purpose === "deliver" ? found : undefined;
}

/** @throws HttpError 404, 405 */
function unrouted(
  routes: Pick<RouteTable<never>, "allowed" | "refusal">,
  method: string,
  path: string,
  kind: MisdirectedName | undefined,
): ContentAnswer {
  const allow = method === "OPTIONS" ? routes.allowed(path) : "";
  if (allow === "") throw routes.refusal(method, path, kind && misdirectedKinds[kind].remedy);
  return content("", { status: 204, headers: { allow } });
}

function send(
  { streams, answers }: Pick<Handling<never>, "streams" | "answers">,
  connection: Connection,
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
): void {
  if (answer.kind === "stream") {
    if (request.method === "HEAD") {
      respondHead(response, answer.headers);
      response.end();
    } else {
      streams.start(response, answer);
    }
    return;
  }
  const content = inBytes(answer);
  if (answers.admit(connection, response, content.body)) {
    respond(request, response, content);
  } else {
    const refusal = unavailable("busy", "Too many answers wait for their clients; try again later.");
    respond(request, response, errorAnswer(refusal));
  }
}
