const OTHER = "_OTHER";
/** "ECONNREFUSED", "UND_ERR_SOCKET", "TimeoutError": what errors are called, and nothing that could hold a secret. */
const WORD = /^[A-Za-z][A-Za-z0-9_]{1,60}$/;

/**
 * What kind of error it is, as `error.type` has it: the code, of its cause if it has none itself, or else the name. Neither the message nor
 * the stack is used: both may quote a URL with a key.
 */
export function errorType(error: unknown): string {
  try {
    return word(error, "code") ?? word(cause(error), "code") ?? word(error, "name") ?? OTHER;
  } catch {
    return OTHER;
  }
}

function cause(error: unknown): unknown {
  return typeof error === "object" && error !== null && "cause" in error ? error.cause : undefined;
}

function word(value: unknown, property: "code" | "name"): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const said: unknown = Reflect.get(value, property);
  return typeof said === "string" && WORD.test(said) ? said : undefined;
}
