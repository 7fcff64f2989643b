import { HttpError } from "./http-error.ts";
import type { Route } from "./route.ts";

/** A route that a request leads to. */
export interface Found<Context> {
  readonly route: Route<Context>;
  /** The path's values by name, decoded. */
  readonly pathValues: ReadonlyMap<string, string>;
}

/** Routes of one path, by method. */
type Methods<Context> = Map<string, Route<Context>>;

const noValues: ReadonlyMap<string, string> = new Map();

/** Finds the route of a request. A path without parameters wins over one with them, then the earlier one wins. */
export class RouteTable<Context> {
  readonly #routes: readonly Route<Context>[];
  readonly #literal = new Map<string, Methods<Context>>();
  /** Paths with parameters, by the path without their names. */
  readonly #patterns = new Map<string, Methods<Context>>();

  /** @throws Error if two routes stand for the same method and path. */
  constructor(routes: Iterable<Route<Context>>) {
    this.#routes = [...routes];
    for (const route of this.#routes) {
      const place = segmentsOf(route.path)
        .map((segment) => (isParameter(segment) ? ":" : segment))
        .join("/");
      const paths = place === route.path ? this.#literal : this.#patterns;
      const methods = paths.get(place) ?? new Map<string, Route<Context>>();
      if (methods.has(route.method))
        throw new Error(`There are two routes for ${route.method} ${route.path}.`);
      paths.set(place, methods.set(route.method, route));
    }
  }

  /**
   * The route of a request; HEAD is served by GET's.
   * @throws HttpError 400 `bad_path` if a parameter is not well encoded
   */
  find(method: string, path: string): Found<Context> | undefined {
    for (const methods of this.#at(path)) {
      const route = methods.get(method === "HEAD" ? "GET" : method);
      if (route !== undefined) return { route, pathValues: valuesIn(route.path, path) };
    }
    return undefined;
  }

  /** Methods that a path takes, as an Allow header names them; empty if there is no such path. */
  allowed(path: string): string {
    const methods = [...this.#at(path)].flatMap((found) => [...found.keys()]);
    if (methods.length === 0) return "";
    return [...new Set([...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"])].join(", ");
  }

  /**
   * 404 or 405: the answer to a request that has no route.
   * @param remedy what to change, if it is known what was meant
   */
  refusal(method: string, path: string, remedy?: string): HttpError {
    const advice = remedy === undefined ? "" : ` Remedy: ${remedy}.`;
    const shown = path.slice(0, 100);
    const allow = this.allowed(path);
    if (allow !== "") {
      return new HttpError(405, "method_not_allowed", `${shown} takes ${allow}, not ${method}.${advice}`, {
        headers: { allow },
      });
    }
    const paths = [...new Set(this.#routes.map((route) => route.path))];
    const known = paths.map((known) => {
      const methods = this.#routes.flatMap((route) => (route.path === known ? [route.method] : []));
      return `${methods.join(" | ")} ${known}`;
    });
    return new HttpError(
      404,
      "not_found",
      `There is no ${shown} here. There is: ${known.join(", ")}.${advice}`,
    );
  }

  *#at(path: string): Iterable<Methods<Context>> {
    const literal = this.#literal.get(path);
    if (literal !== undefined) yield literal;
    if (this.#patterns.size === 0) return;
    const segments = segmentsOf(path);
    for (const [place, methods] of this.#patterns) {
      if (matches(segmentsOf(place), segments)) yield methods;
    }
  }
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => (isParameter(part) ? segments[index] !== "" : part === segments[index]))
  );
}

function valuesIn(pattern: string, path: string): ReadonlyMap<string, string> {
  if (!pattern.includes("/:")) return noValues;
  const given = segmentsOf(path);
  return new Map(
    segmentsOf(pattern).flatMap((part, index) => {
      const name = part.slice(1);
      return isParameter(part) ? [[name, decoded(name, given[index] ?? "")] as const] : [];
    }),
  );
}

function decoded(name: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new HttpError(400, "bad_path", `${name} is not percent-encoded UTF-8.`, { field: name });
  }
}

function segmentsOf(path: string): readonly string[] {
  return path.split("/");
}

function isParameter(segment: string): boolean {
  return segment.startsWith(":");
}
