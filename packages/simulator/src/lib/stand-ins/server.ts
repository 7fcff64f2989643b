import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, isIPv6 } from "node:net";
import { SlipstreamError } from "@slipstream/conventions";

export interface StandInRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers a request; "drop" closes the connection without an answer. */
export type Handler = (request: StandInRequest) => Promise<Reply | "drop">;

export interface StandIn {
  readonly url: string;
  close(): Promise<void>;
}

/** Where a stand-in listens. */
export interface Place {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** The option that sets the port, for the error. */
  readonly option: "rpcPort" | "jupiterPort" | "storePort";
}

const MAX_BODY_BYTES = 1024 * 1024;
/** Off the loopback interface, anyone may connect. */
const MOST_CONNECTIONS = 4096;

/**
 * An HTTP server. Its `url` is for programs on this machine.
 *
 * @throws SlipstreamError `port_in_use`, `cannot_listen`
 */
export async function serve(handler: Handler, place: Place): Promise<StandIn> {
  const server = createServer((request, response) => {
    answer(handler, request, response).catch(() => response.destroy());
  });
  // Idle connections stay open. Otherwise a client that sends on a closing connection would see an error
  // caused by the stand-in.
  server.keepAliveTimeout = 0;
  server.maxConnections = MOST_CONNECTIONS;
  const { port } = await listen(server, place);
  return {
    url: `http://${addressed(place.host)}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { host, port, option }: Place): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const { code, message } = error;
      if (code === "EADDRINUSE") {
        const text = `port ${port} on ${host} is in use; choose another one, or 0 for any free one`;
        reject(new SlipstreamError("port_in_use", `${option}: ${text}`, { field: option, cause: error }));
        return;
      }
      const field = code === "EACCES" ? option : "host";
      const text = `${field}: cannot listen on ${host}, port ${port}: ${message}`;
      reject(new SlipstreamError("cannot_listen", text, { field, cause: error }));
    });
    server.listen({ host, port, exclusive: true }, () => {
      server.removeAllListeners("error");
      // One connection that cannot be accepted, because there are no more files, must not end the desk.
      server.on("error", () => {});
      resolve(server.address() as AddressInfo);
    });
  });
}

/** The host of a URL. One that listens on every interface is reached on the loopback interface too. */
function addressed(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return isIPv6(host) ? `[${host}]` : host;
}

async function answer(handler: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) {
      response.writeHead(413, { connection: "close" }).end();
      return;
    }
    chunks.push(chunk);
  }
  const reply = await handler({
    method: request.method ?? "GET",
    url: new URL(request.url ?? "/", "http://127.0.0.1"),
    body: Buffer.concat(chunks).toString("utf8"),
  });
  if (reply === "drop") request.socket.destroy();
  else response.writeHead(reply.status, reply.headers).end(reply.body);
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(value) };
}
