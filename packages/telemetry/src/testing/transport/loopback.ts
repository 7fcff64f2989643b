import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";

/** Larger than any buffer on the way. */
const BIG_BYTES = 50 * 2 ** 20;
const part = randomBytes(65_536);
const JSON_TEXT = JSON.stringify({ jsonrpc: "2.0", id: 1, result: { value: "löopback 🚀", slot: 7 } });

/** A server whose paths behave in all the ways that a client must cope with. */
export interface Loopback {
  readonly url: string;
  /** Of a port that nobody listens on. */
  readonly closedUrl: string;
  readonly server: Server;
  close(): Promise<void>;
}

type Route = (request: IncomingMessage, response: ServerResponse) => void;

let connections = 0;
const numbers = new WeakMap<object, number>();

const json = (response: ServerResponse, value: unknown, status = 200): void => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
};

const routes: Readonly<Record<string, Route>> = {
  "/json": (_, response) => response.setHeader("content-type", "application/json").end(JSON_TEXT),
  "/text": (_, response) => response.end("some text"),
  "/not-json": (_, response) => response.setHeader("content-type", "application/json").end("<html>"),
  "/empty": (_, response) => response.writeHead(204).end(),
  "/not-modified": (_, response) => response.writeHead(304).end(),
  "/form": (_, response) =>
    response.setHeader("content-type", "application/x-www-form-urlencoded").end("a=1&b=2"),
  "/gzip": (_, response) => response.setHeader("content-encoding", "gzip").end(gzipSync(JSON_TEXT)),
  "/br": (_, response) => response.setHeader("content-encoding", "br").end(brotliCompressSync(JSON_TEXT)),
  "/deflate": (_, response) => response.setHeader("content-encoding", "deflate").end(deflateSync(JSON_TEXT)),
  "/bad-gzip": (_, response) => response.setHeader("content-encoding", "gzip").end("no gzip"),
  "/redirect": (_, response) => response.writeHead(302, { location: "/json" }).end(),
  "/redirect-body": (_, response) => response.writeHead(307, { location: "/echo" }).end(),
  "/redirect-loop": (_, response) => response.writeHead(302, { location: "/redirect-loop" }).end(),
  "/headers": ({ method, headers }, response) => {
    const { host: _, connection: __, ...rest } = headers;
    json(response, { method, headers: rest });
  },
  "/echo": (request, response) => {
    response.setHeader("content-type", request.headers["content-type"] ?? "");
    request.pipe(response);
  },
  "/error": (_, response) => json(response, { error: "no luck" }, 503),
  "/connection": ({ socket }, response) => {
    if (!numbers.has(socket)) numbers.set(socket, ++connections);
    json(response, { reused: numbers.get(socket) });
  },
  // Nothing comes.
  "/hang": () => {},
  "/hang-in-body": (_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).write('{"begun":');
  },
  "/reset": ({ socket }) => socket.resetAndDestroy(),
  "/close": ({ socket }) => socket.destroy(),
  "/reset-in-body": (_, response) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write("the beginning", () => setImmediate(() => response.socket?.resetAndDestroy()));
  },
  "/garbage": ({ socket }) => socket.end("this is no HTTP\r\n\r\n"),
  "/slow-parts": (_, response) => {
    let left = 5;
    const next = (): void => {
      if (left-- === 0) response.end();
      else response.write(`part ${left};`, () => setTimeout(next, 5));
    };
    next();
  },
  "/big": (_, response) => {
    let left = BIG_BYTES;
    const next = (): void => {
      while (left > 0) {
        left -= part.length;
        if (!response.write(part)) return void response.once("drain", next);
      }
      response.end();
    };
    next();
  },
  // How much went out while the client read nothing.
  "/backpressure": (_, response) => {
    let sent = 0;
    const next = (): void => {
      while (sent < BIG_BYTES) {
        sent += part.length;
        if (!response.write(part)) return void response.once("drain", next);
      }
    };
    next();
    sentUnread = () => sent;
  },
  "/backpressure-sent": (_, response) => json(response, { bytes: sentUnread() }),
};
let sentUnread = (): number => 0;

export async function startLoopback(): Promise<Loopback> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://loopback").pathname;
    const route = routes[path];
    if (route === undefined) json(response, { error: `no path ${path}` }, 404);
    else route(request, response);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const gone = createServer().listen(0, "127.0.0.1");
  await once(gone, "listening");
  const { port: closedPort } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    closedUrl: `http://127.0.0.1:${closedPort}/`,
    server,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
