import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Request {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is, anything else as JSON. */
  readonly body?: unknown;
}

export interface ScriptedServer {
  readonly url: string;
  readonly requests: readonly Request[];
  /** What it answers to the next requests, in order; the last one stays. "reset" breaks the connection. */
  answer(...answers: readonly (ScriptedAnswer | "reset")[]): void;
  close(): Promise<void>;
}

/** A real HTTP server that answers as a receiver's documentation says. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  const requests: Request[] = [];
  let script: (ScriptedAnswer | "reset")[] = [{ status: 200, body: "ok" }];
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => "");
    requests.push({
      path: request.url ?? "",
      headers: request.headers,
      body: body === "" ? {} : JSON.parse(body),
    });
    const answer = (script.length > 1 ? script.shift() : script[0]) ?? "reset";
    if (answer === "reset") {
      request.socket.resetAndDestroy();
      return;
    }
    const isText = typeof answer.body === "string";
    response.writeHead(answer.status, {
      "content-type": isText ? "text/html" : "application/json",
      ...answer.headers,
    });
    response.end(isText ? answer.body : answer.body === undefined ? "" : JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (...answers) => {
      script = [...answers];
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
