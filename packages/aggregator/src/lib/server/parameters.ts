import type { ErrorCode } from "@slipstream/conventions";
import type { z } from "zod";
import { HttpError } from "./http-error.ts";

/** A value in the path or in the query of a request. */
export interface Parameter {
  /** Parses the text, or `undefined` if the query does not have it. */
  readonly schema: z.ZodType;
  /** What is allowed, as the end of "allowed: ...". */
  readonly allowed: string;
  /** What it means, for the documentation; what holds without it. */
  readonly about: string;
}

/** Parameters by name. */
export type Parameters = Readonly<Record<string, Parameter>>;

/** What the schemas of parameters yield. */
export type Parsed<P> = {
  readonly [Name in keyof P]: P[Name] extends Parameter ? z.output<P[Name]["schema"]> : never;
};

/** Longest part of a wrong name or value that an error message repeats. */
const SHOWN_LENGTH = 100;

/**
 * Parses a query. Each parameter may be given once, and no other may be: a mistyped name would go unnoticed, and the
 * answer would be to another question.
 * @throws HttpError 400 `bad_query` that names the field and what is allowed
 */
export function parseQuery(parameters: Parameters, text: string): Record<string, unknown> {
  if (!isEncoded(text)) throw new HttpError(400, "bad_query", "The query is not percent-encoded UTF-8.");
  const given = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (!Object.hasOwn(parameters, name)) {
      throw badQuery(name, `is not a parameter here; allowed: ${Object.keys(parameters).join(", ")}`);
    }
    if (given.has(name)) throw badQuery(name, "is given more than once");
    given.set(name, value);
  }
  return parse(parameters, given, badQuery);
}

/**
 * Parses the values of a path.
 * @throws HttpError 400 `bad_path` that names the field and what is allowed
 */
export function parsePath(
  parameters: Parameters,
  given: ReadonlyMap<string, string>,
): Record<string, unknown> {
  return parse(parameters, given, badPath);
}

/** 400: a parameter of the query is wrong. `what` continues a sentence that begins with its name. */
export function badQuery(field: string, what: string): HttpError {
  return wrong("bad_query", field, what);
}

function badPath(field: string, what: string): HttpError {
  return wrong("bad_path", field, what);
}

function wrong(code: ErrorCode, name: string, what: string): HttpError {
  const field = name.slice(0, SHOWN_LENGTH);
  const shown = /^\w+$/.test(field) ? field : JSON.stringify(field);
  return new HttpError(400, code, `${shown} ${what}.`, { field });
}

/** URLSearchParams takes what is malformed for something else, and the answer would be to another question. */
function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function parse(
  parameters: Parameters,
  given: ReadonlyMap<string, string>,
  refuse: typeof badQuery,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { schema, allowed }]) => {
      const text = given.get(name);
      const parsed = schema.safeParse(text);
      if (parsed.success) return [name, parsed.data];
      const found =
        text === undefined ? "is missing" : `= ${JSON.stringify(text.slice(0, SHOWN_LENGTH))} is not allowed`;
      throw refuse(name, `${found}; allowed: ${allowed}`);
    }),
  );
}
