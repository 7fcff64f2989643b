import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Request {
  readonly method: string;
  readonly url: URL;
  /** The value of the JSON that was sent; undefined if nothing was. */
  readonly body: unknown;
}

export interface Server extends AsyncDisposable {
  readonly url: string;
}

/** Serves JSON on a free port of the loopback interface. */
export async function serve(handle: (request: Request) => Reply): Promise<Server> {
  const server = createServer((request, response) => {
    answer(handle, request, response).catch(() => response.destroy());
  });
  // A client that sends on a connection that closes would see an error which is the stand-in's.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  handle: (request: Request) => Reply,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "GET", url = "/" } = request;
  const sent = await text(request);
  const body: unknown = sent === "" ? undefined : JSON.parse(sent);
  const reply = handle({ method, url: new URL(url, "http://127.0.0.1"), body });
  response.writeHead(reply.status ?? 200, { "content-type": "application/json", ...reply.headers });
  response.end(JSON.stringify(reply.body));
}
