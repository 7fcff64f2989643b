import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { z } from "zod";
import type { Answer, ContentAnswer } from "./answer.ts";
import type { HttpError } from "./http-error.ts";
import { readJson } from "./json-body.ts";
import { type Parameter, type Parameters, type Parsed, parsePath, parseQuery } from "./parameters.ts";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** The names in a path: `id` in `/api/trades/:id`. */
type NameIn<Path extends string> = Path extends `${infer Before}/${infer After}`
  ? NameIn<Before> | NameIn<After>
  : Path extends `:${infer Name}`
    ? Name
    : never;

/** A parameter for each name in a path. */
type InPathOf<Path extends string> = { readonly [Name in NameIn<Path>]: Parameter };

/** What a handler gets. */
export interface RouteRequest<InPath, InQuery, Body> {
  readonly path: Parsed<InPath>;
  readonly query: Parsed<InQuery>;
  readonly body: Body;
  readonly headers: IncomingHttpHeaders;
  /** For handlers that read the body. */
  readonly incoming: IncomingMessage;
}

/** An error of a route in the form that its clients expect. */
export type Refuse<Context> = (
  error: HttpError,
  headers: IncomingHttpHeaders,
  context: Context,
) => ContentAnswer;

/** What a route takes and answers, for the documentation. */
export interface Answers {
  readonly schema: z.ZodType;
  /** Default: JSON. */
  readonly media?: readonly string[];
  /** With which statuses it answers that. Default: 200. */
  readonly statuses?: readonly number[];
  /** Media types of the body that it reads. */
  readonly takes?: readonly string[];
}

export interface RouteDefinition<Path extends string, InPath, InQuery, Context, Body> {
  /** GET stands for HEAD too. */
  readonly method: Method;
  /** Such as `/api/trades/:id`. A parameter is a whole segment. */
  readonly path: Path;
  /** What it answers, for the documentation. */
  readonly about: string;
  readonly answers?: Answers;
  /** It is answered without the token too. */
  readonly public?: true;
  /**
   * What it is for: `watch` is answered also if everything else is full, and `deliver` takes telemetry. Default `ask`: a
   * limited number of them is worked on at a time.
   */
  readonly purpose?: Purpose;
  /** Of the path. */
  readonly parameters?: InPath;
  /** Of the query; any other is refused. Without this the query is ignored. */
  readonly query?: InQuery;
  /** Of a body of JSON, which is at most 64 KiB. A handler without this reads the body itself, if it takes one. */
  readonly body?: z.ZodType<Body>;
  /** An HttpError that it throws is answered as it says, anything else with 500. */
  readonly handler: (
    request: RouteRequest<InPath, InQuery, Body>,
    context: Context,
  ) => Answer | Promise<Answer>;
  /** Default: `{error}` as JSON. */
  readonly refuse?: Refuse<Context>;
}

export type Purpose = "watch" | "deliver" | "ask";

/** A request of which nothing is parsed yet. */
export interface RawRequest {
  readonly incoming: IncomingMessage;
  readonly pathValues: ReadonlyMap<string, string>;
  readonly query: string;
}

/** Something that the server answers, as a value. `Context` is what its handler reads from. */
export interface Route<Context> {
  readonly method: Method;
  readonly path: string;
  readonly about: string;
  readonly answers: Answers | undefined;
  readonly public: boolean;
  readonly purpose: Purpose;
  readonly parameters: Parameters;
  readonly query: Parameters;
  readonly body: z.ZodType | undefined;
  /** @throws HttpError 400 for what a schema refuses, and what the handler throws */
  readonly answer: (request: RawRequest, context: Context) => Answer | Promise<Answer>;
  readonly refuse: Refuse<Context> | undefined;
}

/** Makes a route. @throws Error if `parameters` are not those of the path. */
export function route<
  const Path extends string,
  InPath extends InPathOf<Path>,
  InQuery extends Parameters,
  Context,
  Body = undefined,
>(definition: RouteDefinition<Path, InPath, InQuery, Context, Body>): Route<Context> {
  const { method, path, about, answers, query, body: schema, handler, refuse } = definition;
  const parameters: Parameters = definition.parameters ?? {};
  const names = path.split("/").flatMap((segment) => (segment.startsWith(":") ? [segment.slice(1)] : []));
  if (names.toSorted().join() !== Object.keys(parameters).toSorted().join()) {
    throw new Error(`The parameters of ${path} are: ${names.join(", ") || "none"}.`);
  }
  return {
    method,
    path,
    about,
    answers,
    public: definition.public ?? false,
    purpose: definition.purpose ?? "ask",
    parameters,
    query: query ?? {},
    body: schema,
    answer: ({ incoming, pathValues, query: text }, context) => {
      // What is wrong with its address is said first.
      const request = {
        path: parsePath(parameters, pathValues) as Parsed<InPath>,
        query: (query === undefined ? {} : parseQuery(query, text)) as Parsed<InQuery>,
        body: undefined as Body,
        headers: incoming.headers,
        incoming,
      };
      if (schema === undefined) return handler(request, context);
      return readJson(incoming, schema).then((body) => handler({ ...request, body }, context));
    },
    refuse,
  };
}
