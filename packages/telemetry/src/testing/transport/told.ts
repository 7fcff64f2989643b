/** What a test compares of a call's outcome: the value, or the error with its causes. */
export type Told = { readonly value: unknown } | { readonly error: unknown };

export async function told(call: () => unknown): Promise<Told> {
  try {
    return { value: await call() };
  } catch (error) {
    return { error: toldError(error) };
  }
}

/** An error without what differs between two runs: ports, and lines of the program. */
export function toldError(error: unknown): unknown {
  if (!(error instanceof Error)) return { thrown: String(error) };
  const { name, message, cause, constructor: made } = error;
  const code: unknown = (error as { code?: unknown }).code;
  // Which of the two comes of a reset is a matter of microseconds.
  if (code === "ECONNRESET" || code === "UND_ERR_SOCKET") return { reset: true };
  return {
    name,
    made: made.name,
    message: withoutPorts(message),
    code: typeof code === "object" ? String(code) : code,
    cause: cause === undefined ? undefined : toldError(cause),
    // A program's own functions must be found in it.
    functions: [...(error.stack ?? "").matchAll(/\bat (?:async )?(called\w+)/g)].map(([, name]) => name),
  };
}

const withoutPorts = (text: string): string => text.replaceAll(/:\d{4,5}\b/g, ":port");
