import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { SlipstreamError } from "@slipstream/conventions";
import { answerClientError, answerConnect } from "./client-error.ts";
import { type Handling, handle } from "./handle.ts";
import { allowedNames, createHostCheck, isLoopback } from "./host.ts";
import { listen } from "./listen.ts";
import type { Route } from "./route.ts";
import { RouteTable } from "./route-table.ts";
import { type StreamLimits, Streams } from "./streams.ts";
import { createTokenCheck } from "./token.ts";

export interface ServerOptions<Context> {
  readonly routes: Iterable<Route<Context>>;
  /** What the routes' handlers read from. */
  readonly context: Context;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** What requests must carry, except for routes that are public. There must be one off loopback. */
  readonly token?: string | undefined;
  /** Names, beside the address, that clients may use for this server. */
  readonly allowedHosts?: readonly string[] | undefined;
  readonly timeouts?: Partial<ServerTimeouts>;
  readonly streams?: Partial<StreamLimits>;
  /** Gets errors that no client caused. */
  readonly onError?: (error: unknown) => void;
}

export interface ServerTimeouts {
  /** For a request's headers, and for all of it, from its first byte. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** How long an idle connection is kept: longer than clients keep theirs (Go: 90 s), so that they close first. */
  readonly keepAliveMs: number;
}

export interface HttpServer {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** From now on requests must carry this token. @throws SlipstreamError `token_required` */
  setToken(token: string | undefined): void;
  /** Streaming answers: how many are open, and how many clients were dropped because they did not read. */
  readonly streams: { readonly open: number; readonly dropped: number };
  /** Answers what is in flight, ends streams, takes nothing new. Cuts connections that last past the deadline. */
  close(deadlineMs?: number): Promise<void>;
}

const defaultTimeouts: ServerTimeouts = { headersMs: 10_000, requestMs: 30_000, keepAliveMs: 120_000 };
const DEFAULT_CLOSE_MS = 5_000;
const MAX_CONNECTIONS = 4_096;

/**
 * Checks what can be known before there is anything to serve.
 * @throws SlipstreamError `token_required`, `invalid_option`
 */
export function assertServerOptions({
  host,
  token,
  allowedHosts = [],
}: Pick<ServerOptions<unknown>, "host" | "token" | "allowedHosts">): void {
  if (!isLoopback(host) && !token) throw tokenRequired(host);
  allowedNames(allowedHosts);
}

/**
 * Listens for HTTP.
 * @throws SlipstreamError `token_required`, `invalid_option`, `port_in_use`, `cannot_listen`
 */
export async function startServer<Context>(options: ServerOptions<Context>): Promise<HttpServer> {
  const { host, token, onError = () => {} } = options;
  assertServerOptions(options);
  const allowed = allowedNames(options.allowedHosts ?? []);
  const streams = new Streams(options.streams ?? {}, onError);
  let checkToken = createTokenCheck(token);
  const handling: Handling<Context> = {
    routes: new RouteTable(options.routes),
    context: options.context,
    checkHost: createHostCheck(host, allowed),
    allowedNames: allowed,
    checkToken: (headers) => checkToken(headers),
    streams,
    onError,
  };
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  /** The answers under way on each connection. */
  const answering = new Map<Socket, Set<ServerResponse>>();
  const connections = new Set<Socket>();
  let closing = false;

  const server = createServer({
    headersTimeout: timeouts.headersMs,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    connectionsCheckingInterval: Math.min(1_000, timeouts.headersMs),
    // Node would answer without a body.
    requireHostHeader: false,
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on("connection", (socket) => {
    connections.add(socket);
    socket.once("close", () => {
      connections.delete(socket);
      // Not every response hears of it: one that waited behind another does not.
      answering.delete(socket);
    });
  });
  const take = (request: IncomingMessage, response: ServerResponse, asksFirst = false): void => {
    const { socket } = request;
    const responses = answering.get(socket) ?? new Set();
    answering.set(socket, responses.add(response));
    response.once("close", () => {
      responses.delete(response);
      if (responses.size === 0) answering.delete(socket);
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
    if (closing) response.setHeader("connection", "close");
    void handle(handling, request, response, asksFirst);
  };
  server.on("request", (request, response) => take(request, response));
  // These come instead if there is an Expect header. One of another kind is ignored.
  server.on("checkContinue", (request, response) => take(request, response, true));
  server.on("checkExpectation", (request, response) => take(request, response));
  server.on("connect", (_, socket) => answerConnect(socket));
  const broken = new WeakSet<Duplex>();
  server.on("clientError", async (error, socket) => {
    // What follows on the connection is broken too.
    if (broken.has(socket)) return;
    broken.add(socket);
    // A plain HTTP server's connections are sockets.
    const responses = [...(answering.get(socket as Socket) ?? [])];
    // Requests that came before get their own answers first.
    await Promise.allSettled(
      responses.filter(({ req }) => req.complete).map((response) => once(response, "close")),
    );
    answerClientError(
      error,
      socket,
      responses.some(({ req, headersSent }) => !req.complete && headersSent),
    );
  });

  const { port } = await listen(server, host, options.port);
  return {
    host,
    port,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    streams,
    setToken(next) {
      assertServerOptions({ host, token: next });
      checkToken = createTokenCheck(next);
    },
    close(deadlineMs = DEFAULT_CLOSE_MS) {
      closing = true;
      return new Promise((resolve) => {
        const deadline = setTimeout(() => server.closeAllConnections(), deadlineMs);
        server.close(() => {
          clearTimeout(deadline);
          resolve();
        });
        streams.close();
        server.closeIdleConnections();
        // Node counts a connection that never sent anything as busy.
        for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
      });
    },
  };
}

function tokenRequired(host: string): SlipstreamError {
  return new SlipstreamError(
    "token_required",
    `On ${host} other machines could send and read. Set a token with --token (SLIPSTREAM_TOKEN), or listen on 127.0.0.1.`,
    { field: "token" },
  );
}
