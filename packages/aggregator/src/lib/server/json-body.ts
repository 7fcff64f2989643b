import type { IncomingMessage } from "node:http";
import type { z } from "zod";
import { ClientGone, HttpError } from "./http-error.ts";

/** Largest body of a request that is not telemetry. */
const MOST_BYTES = 64 * 1024;

/**
 * Reads a request's body as JSON. None at all is read as `{}`.
 * @throws HttpError 400 `bad_body` that names the field and what is wrong with it, 413, 415; ClientGone
 */
export async function readJson<Schema extends z.ZodType>(
  request: IncomingMessage,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await readText(request);
  const type = request.headers["content-type"] ?? "";
  if (text !== "" && !/^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(type)) {
    const message = "The Content-Type of the body must be application/json.";
    throw new HttpError(415, "unsupported_media_type", message, { field: "Content-Type" });
  }
  return checked(schema, parsed(text));
}

/**
 * @param name of the field that it is; empty: it is the whole body
 * @throws HttpError 400 `bad_body` that names the field and what is wrong with it
 */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  name = "",
): z.output<Schema> {
  const { error, data } = schema.safeParse(value);
  if (error === undefined) return data as z.output<Schema>;
  const { path, message } = deepest(error.issues);
  const field = [...(name === "" ? [] : [name]), ...path.map(String)].join(".");
  throw badBody(`${field === "" ? "The body" : field}: ${message}`, field);
}

/** Of several forms that a value may have, the one that it comes nearest to says best what is wrong. */
function deepest(issues: readonly z.core.$ZodIssue[]): Pick<z.core.$ZodIssue, "path" | "message"> {
  const [first] = issues;
  if (first === undefined) return { path: [], message: "not allowed" };
  if (first.code !== "invalid_union") return first;
  const inner = first.errors.map(deepest).toSorted((a, b) => b.path.length - a.path.length)[0];
  if (inner === undefined || inner.path.length === 0) return first;
  return { path: [...first.path, ...inner.path], message: inner.message };
}

/** 400: the body is wrong. */
export function badBody(message: string, field = ""): HttpError {
  return new HttpError(400, "bad_body", message, field === "" ? {} : { field });
}

function parsed(text: string): unknown {
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw badBody("The body is not valid JSON.");
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const tooLarge = (): HttpError =>
    new HttpError(413, "too_large", `The body is larger than ${MOST_BYTES} bytes.`);
  if (Number(request.headers["content-length"] ?? 0) > MOST_BYTES) throw tooLarge();
  return new Promise((resolve, reject) => {
    const stop = (error: Error): void => {
      request.off("data", onData).off("end", onEnd).pause();
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) stop(tooLarge());
      else chunks.push(chunk);
    };
    const onEnd = (): void => resolve(Buffer.concat(chunks).toString());
    const onGone = (): void => {
      if (!request.readableEnded) reject(new ClientGone());
    };
    request.on("data", onData).once("end", onEnd).once("error", onGone).once("close", onGone);
  });
}
