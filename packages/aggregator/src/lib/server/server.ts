import type { Socket } from "node:net";
import { SlipstreamError } from "@slipstream/conventions";
import { http } from "../node-http.ts";
import { maxFiles } from "../process-metrics.ts";
import { answerConnect, takeClientError } from "./client-error.ts";
import { Answers } from "./connections/answers.ts";
import { Connections, type ConnectionsNews, type ConnectionsStatus } from "./connections/connections.ts";
import { outOfFiles } from "./connections/free-file.ts";
import { type ConnectionLimits, defaultLimits, fittingConnections } from "./connections/limits.ts";
import { type Handling, handle } from "./handle.ts";
import { allowedNames, createHostCheck, isLoopback } from "./host.ts";
import { listen } from "./listen.ts";
import type { Misdirected } from "./misdirected/misdirected.ts";
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
  /** Most connections at a time. There are fewer if the process may not open so many files. */
  readonly maxConnections?: number | undefined;
  readonly timeouts?: Partial<ServerTimeouts>;
  readonly streams?: Partial<StreamLimits>;
  readonly limits?: Partial<ConnectionLimits>;
  /** Counts what is sent to the wrong place. */
  readonly misdirected?: Pick<Misdirected, "count"> | undefined;
  /** Gets the news when the limit of connections is reached, and when there is room again. */
  readonly onConnections?: (news: ConnectionsNews) => void;
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
  /** Its connections at this moment. */
  connections(): ConnectionsStatus;
  /** Answers what is in flight, ends streams, takes nothing new. Cuts connections that last past the deadline. */
  close(deadlineMs?: number): Promise<void>;
}

const defaultTimeouts: ServerTimeouts = { headersMs: 10_000, requestMs: 30_000, keepAliveMs: 120_000 };
const DEFAULT_CLOSE_MS = 3_000;
/** How often it is looked whether clients take their answers. */
const LOOK_MS = 1_000;

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
  const { host, token, misdirected = { count: () => {} }, onError = () => {} } = options;
  assertServerOptions(options);
  const allowed = allowedNames(options.allowedHosts ?? []);
  const streams = new Streams(options.streams ?? {}, onError);
  let closing = false;
  const maxConnections = fittingConnections(
    options.maxConnections ?? defaultLimits.maxConnections,
    maxFiles(),
  );
  const limits = { ...defaultLimits, maxConnections, ...options.limits };
  const connections: Connections = new Connections({
    limits,
    serve: (connection, exchange) => {
      const { response } = exchange;
      if (closing) response.setHeader("connection", "close");
      response.once("close", () => {
        if (closing) setImmediate(() => server.closeIdleConnections());
      });
      void handle(handling, connection, exchange);
    },
    onNews: options.onConnections ?? (() => {}),
    outOfFiles,
  });
  const answers = new Answers(connections, limits);
  let checkToken = createTokenCheck(token);
  const handling: Handling<Context> = {
    routes: new RouteTable(options.routes),
    context: options.context,
    checkHost: createHostCheck(host, allowed),
    allowedNames: allowed,
    checkToken: (headers) => checkToken(headers),
    streams,
    answers,
    limits,
    asking: 0,
    misdirected,
    onError,
  };
  const timeouts = { ...defaultTimeouts, ...options.timeouts };

  const server = http.createServer({
    headersTimeout: timeouts.headersMs,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    connectionsCheckingInterval: Math.min(1_000, timeouts.headersMs),
    // A client that vanished is noticed although nothing is sent to it.
    keepAlive: true,
    keepAliveInitialDelay: timeouts.keepAliveMs / 2,
    // Node would answer without a body.
    requireHostHeader: false,
  });
  // A client may say that it sends no more, and still wait for its answers (`nc -N`, some proxies). Node's types leave this out.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on("connection", (socket) => connections.open(socket));
  server.on("request", (request, response) => connections.take({ request, response, asksFirst: false }));
  // These come instead if there is an Expect header. One of another kind is ignored.
  server.on("checkContinue", (request, response) => connections.take({ request, response, asksFirst: true }));
  server.on("checkExpectation", (request, response) =>
    connections.take({ request, response, asksFirst: false }),
  );
  server.on("connect", (_, socket) => {
    connections.get(socket as Socket)?.stop();
    answerConnect(socket);
  });
  server.on(
    "clientError",
    // A plain HTTP server's connections are sockets.
    (error, socket) => void takeClientError(error, socket as Socket, { connections, misdirected }),
  );
  const { port } = await listen(server, host, options.port, (error) => connections.failed(error.message));
  const looking = setInterval(
    () => {
      answers.look();
      connections.look();
    },
    Math.min(LOOK_MS, limits.unreadMs / 4),
  );
  return {
    host,
    port,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    streams,
    connections: () => ({ ...connections.status, answerBytes: answers.bytes }),
    setToken(next) {
      assertServerOptions({ host, token: next });
      checkToken = createTokenCheck(next);
    },
    close(deadlineMs = DEFAULT_CLOSE_MS) {
      closing = true;
      return new Promise((resolve) => {
        const deadline = setTimeout(() => {
          for (const { socket } of connections) socket.destroy();
        }, deadlineMs);
        server.close(() => {
          clearTimeout(deadline);
          clearInterval(looking);
          resolve();
        });
        streams.close();
        server.closeIdleConnections();
        // Node counts a connection as busy that never sent anything.
        for (const { socket } of connections) if (socket.bytesRead === 0) socket.destroy();
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
