import { type ErrorCode, SlipstreamError } from "@slipstream/conventions";

/** An error as it goes from one thread to another. Structured cloning would lose its class and its code. */
export interface SentError {
  readonly kind: "slipstream" | "error" | "value";
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Own properties that are plain values: `code`, `field`, `errno`, SQLite's `errcode`. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
  readonly cause: SentError | undefined;
}

const builtIn: Readonly<Record<string, new (message: string) => Error>> = {
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

const MOST_CAUSES = 8;

export function sentError(error: unknown, depth = 0): SentError {
  if (!(error instanceof Error)) {
    return {
      kind: "value",
      name: "Error",
      message: String(error),
      stack: undefined,
      details: {},
      cause: undefined,
    };
  }
  const details: Record<string, string | number | boolean> = {};
  for (const [key, value] of Object.entries(error)) {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      details[key] = value;
  }
  const more = error.cause !== undefined && depth < MOST_CAUSES;
  return {
    kind: error instanceof SlipstreamError ? "slipstream" : "error",
    name: error.name,
    message: error.message,
    stack: error.stack,
    details,
    cause: more ? sentError(error.cause, depth + 1) : undefined,
  };
}

/**
 * The error as it was thrown in the other thread, with its code, fields, causes and stack. A SlipstreamError is one again;
 * JavaScript's own errors keep their class.
 */
export function receivedError(sent: SentError): Error {
  const cause = sent.cause === undefined ? undefined : receivedError(sent.cause);
  const error = sent.kind === "slipstream" ? slipstreamError(sent, cause) : otherError(sent, cause);
  // `name` is an own property of SlipstreamErrors, and among the details then.
  Object.assign(error, sent.details);
  if (sent.stack !== undefined)
    Object.defineProperty(error, "stack", { value: sent.stack, configurable: true, writable: true });
  return error;
}

function slipstreamError({ message, details }: SentError, cause: unknown): SlipstreamError {
  // It was one of the codes when it was sent.
  return new SlipstreamError(details.code as ErrorCode, message, { cause });
}

function otherError({ name, message }: SentError, cause: unknown): Error {
  const Class = (Object.hasOwn(builtIn, name) ? builtIn[name] : undefined) ?? Error;
  const error = new Class(message);
  if (error.name !== name)
    Object.defineProperty(error, "name", { value: name, configurable: true, writable: true });
  if (cause !== undefined)
    Object.defineProperty(error, "cause", { value: cause, configurable: true, writable: true });
  return error;
}
