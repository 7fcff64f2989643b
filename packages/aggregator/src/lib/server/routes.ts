import type { IncomingMessage, ServerResponse } from "node:http";
import { HttpError } from "./http-error.ts";

/** Answers a request. What it throws is answered: an HttpError as it says, anything else with 500. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** Exactly this path, without the query. */
  readonly path: string;
  readonly handler: Handler;
}

/** Finds the handler of a request; HEAD is served by GET's, whose body Node leaves out. */
export class RouteTable {
  readonly #byPath = new Map<string, Map<string, Handler>>();

  constructor(routes: Iterable<Route>) {
    for (const { method, path, handler } of routes) {
      const methods = this.#byPath.get(path) ?? new Map<string, Handler>();
      if (methods.has(method)) throw new Error(`Two routes for ${method} ${path}.`);
      this.#byPath.set(path, methods.set(method, handler));
    }
  }

  /** @throws HttpError 404, 405 */
  find(method: string, url: string): Handler {
    const path = pathOf(url);
    const methods = this.#byPath.get(path);
    if (methods === undefined) throw this.#notFound(path);
    const handler = methods.get(method === "HEAD" ? "GET" : method);
    if (handler !== undefined) return handler;
    const allowed = [...methods.keys(), ...(methods.has("GET") ? ["HEAD"] : [])].join(", ");
    throw new HttpError(405, "method_not_allowed", `${path} takes ${allowed}, not ${method}.`, {
      headers: { allow: allowed },
    });
  }

  #notFound(path: string): HttpError {
    const known = [...this.#byPath].map(([name, methods]) => `${[...methods.keys()].join(" | ")} ${name}`);
    return new HttpError(
      404,
      "not_found",
      `There is no ${path.slice(0, 100)} here. There is: ${known.join(", ")}.`,
    );
  }
}

/** The path as it was sent, never parsed as a URL: what is malformed is simply not found. */
function pathOf(url: string): string {
  // A proxy sends the absolute form.
  const origin = /^https?:\/\/[^/?#]*/i.exec(url)?.[0] ?? "";
  const rest = url.slice(origin.length);
  const end = rest.search(/[?#]/);
  return (end === -1 ? rest : rest.slice(0, end)) || "/";
}
