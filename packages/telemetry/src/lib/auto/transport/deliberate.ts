/** Names of errors by which a service says that it gave up: the platform's, and axios'. */
const DECISIONS: ReadonlySet<unknown> = new Set(["AbortError", "CanceledError"]);

/**
 * Whether an error says that the service itself gave up a request, as for the loser of a hedge. A time limit that was reached is no such
 * decision: the other side was too slow.
 */
export function isDeliberate(error: unknown, signal?: AbortSignal): boolean {
  const isDecision =
    DECISIONS.has(read(error, "name")) && read(read(error, "cause"), "name") !== "TimeoutError";
  if (signal?.aborted !== true) return isDecision;
  return (isDecision || error === signal.reason) && read(signal.reason, "name") !== "TimeoutError";
}

function read(value: unknown, property: "name" | "cause"): unknown {
  try {
    return typeof value === "object" && value !== null ? Reflect.get(value, property) : undefined;
  } catch {
    return undefined;
  }
}
