import type { IncomingMessage, ServerResponse } from "node:http";
import { type Answer, type ContentAnswer, content } from "./answer.ts";
import type { HostCheck } from "./host.ts";
import { ClientGone, errorAnswer, type HttpError, toHttpError } from "./http-error.ts";
import { checkOrigin } from "./origin.ts";
import { respond, respondHead } from "./respond.ts";
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
  /** Gets errors that no client caused. */
  readonly onError: (error: unknown) => void;
}

/**
 * Answers one request, whatever it is. Every check is made here, so that no route can leave one out.
 * @param asksFirst Whether the client waits for word before it sends the body: it need not send one that is refused.
 */
export async function handle<Context>(
  server: Handling<Context>,
  request: IncomingMessage,
  response: ServerResponse,
  asksFirst: boolean,
): Promise<void> {
  let found: Found<Context> | undefined;
  const refuse = (error: HttpError) =>
    found?.route.refuse?.(error, request.headers, server.context) ?? errorAnswer(error);
  try {
    const target = parseTarget(request.url ?? "");
    found = server.routes.find(request.method ?? "", target.path);
    checkOrigin(request, server.checkHost(request, target.authority), server.allowedNames);
    if (found === undefined) {
      respond(request, response, unrouted(server.routes, request.method ?? "", target.path));
      return;
    }
    const { route, pathValues } = found;
    if (!route.public) server.checkToken(request.headers);
    if (asksFirst) response.writeContinue();
    const raw = { incoming: request, pathValues, query: target.query };
    send(server.streams, request, response, await route.answer(raw, server.context));
  } catch (error) {
    // There is nobody to answer. The second is what a handler gets that reads the body itself.
    if (error instanceof ClientGone || error === request.errored) return;
    const shown = toHttpError(error);
    if (shown !== error) server.onError(error);
    // An answer that is half sent cannot be taken back: the client sees it cut short.
    if (response.headersSent) request.socket.destroy();
    else respond(request, response, refuse(shown));
  }
}

/** @throws HttpError 404, 405 */
function unrouted(
  routes: Pick<RouteTable<never>, "allowed" | "refusal">,
  method: string,
  path: string,
): ContentAnswer {
  const allow = method === "OPTIONS" ? routes.allowed(path) : "";
  if (allow === "") throw routes.refusal(method, path);
  return content("", { status: 204, headers: { allow } });
}

function send(streams: Streams, request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (answer.kind === "content") {
    respond(request, response, answer);
  } else if (request.method === "HEAD") {
    respondHead(response, answer.headers);
    response.end();
  } else {
    streams.start(response, answer);
  }
}
