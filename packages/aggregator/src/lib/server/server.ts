import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { SlipstreamError } from "@slipstream/conventions";
import { answerClientError } from "./client-error.ts";
import { toHttpError } from "./http-error.ts";
import { respondError } from "./respond.ts";
import { type Route, RouteTable } from "./routes.ts";

export interface ServerOptions {
  readonly routes: Iterable<Route>;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** What guards the routes; off loopback there must be one. The routes check it themselves. */
  readonly token?: string | undefined;
  readonly timeouts?: Partial<ServerTimeouts>;
  /** Told of errors that no client caused. */
  readonly onError?: (error: unknown) => void;
}

export interface ServerTimeouts {
  /** For a request's headers, and for all of it, from its first byte. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** For which an idle connection is kept: longer than clients keep theirs (Go: 90 s), so that they close first. */
  readonly keepAliveMs: number;
}

export interface HttpServer {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** Answers what is in flight, takes nothing new; connections that last longer than the deadline are cut. */
  close(deadlineMs?: number): Promise<void>;
}

const defaultTimeouts: ServerTimeouts = { headersMs: 10_000, requestMs: 30_000, keepAliveMs: 120_000 };
const DEFAULT_CLOSE_MS = 5_000;
const MAX_CONNECTIONS = 4_096;

/**
 * Listens for HTTP.
 * @throws SlipstreamError `token_required`, `port_in_use`, `cannot_listen`
 */
export async function startServer(options: ServerOptions): Promise<HttpServer> {
  const { host, token, onError = () => {} } = options;
  if (!isLoopback(host) && !token) throw tokenRequired(host);
  const routes = new RouteTable(options.routes);
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
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on("connection", (socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  server.on("request", (request, response) => {
    const { socket } = request;
    const responses = answering.get(socket) ?? new Set();
    answering.set(socket, responses.add(response));
    response.once("close", () => {
      responses.delete(response);
      if (responses.size === 0) answering.delete(socket);
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
    if (closing) response.setHeader("connection", "close");
    void handle(routes, request, response, onError);
  });
  server.on("clientError", (error, duplex) => {
    // A plain HTTP server's connections are sockets.
    const socket = duplex as Socket;
    const begun = [...(answering.get(socket) ?? [])].some(({ headersSent }) => headersSent);
    answerClientError(error, socket, begun);
  });

  const { port } = await listen(server, host, options.port);
  return {
    host,
    port,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    close(deadlineMs = DEFAULT_CLOSE_MS) {
      closing = true;
      return new Promise((resolve) => {
        const deadline = setTimeout(() => server.closeAllConnections(), deadlineMs);
        server.close(() => {
          clearTimeout(deadline);
          resolve();
        });
        server.closeIdleConnections();
        // Node counts a connection that never sent anything as busy.
        for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
      });
    },
  };
}

async function handle(
  routes: RouteTable,
  request: IncomingMessage,
  response: ServerResponse,
  onError: (error: unknown) => void,
): Promise<void> {
  try {
    await routes.find(request.method ?? "", request.url ?? "")(request, response);
  } catch (error) {
    const shown = toHttpError(error);
    if (shown !== error) onError(error);
    // An answer half sent cannot be taken back: the client sees it cut short.
    if (response.headersSent) response.destroy();
    else respondError(request, response, shown);
  }
}

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(cannotListen(error, host, port)));
    server.listen({ host, port, exclusive: true }, () => {
      server.removeAllListeners("error");
      resolve(server.address() as AddressInfo);
    });
  });
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function tokenRequired(host: string): SlipstreamError {
  return new SlipstreamError(
    "token_required",
    `On ${host} others could send and read: set a token with --token (SLIPSTREAM_TOKEN), or listen on 127.0.0.1.`,
    { field: "token" },
  );
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): SlipstreamError {
  if (error.code === "EADDRINUSE") {
    return new SlipstreamError(
      "port_in_use",
      `Port ${port} on ${host} is in use. Choose another with --port N (SLIPSTREAM_PORT), 0 for any free one.`,
      { field: "port", cause: error },
    );
  }
  return new SlipstreamError("cannot_listen", `Cannot listen on ${host}, port ${port}: ${error.message}.`, {
    field: error.code === "EACCES" ? "port" : "host",
    cause: error,
  });
}
