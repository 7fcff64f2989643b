import type { FailureReason } from "../truth/model.ts";
import { CallError } from "./http-client.ts";

const unhealthy: ReadonlySet<FailureReason> = new Set([
  "quote_unavailable",
  "swap_unavailable",
  "node_unavailable",
  "blockhash_expired",
  "unconfirmed",
]);

/** Why a trade failed. */
export class TradeFailure extends Error {
  readonly reason: FailureReason;

  constructor(reason: FailureReason, cause?: unknown) {
    super(cause instanceof Error ? `${reason}: ${cause.message}` : reason, { cause });
    this.name = "TradeFailure";
    this.reason = reason;
  }

  /**
   * False if the infrastructure failed, which the circuit breaker counts. If the market refused, the trade is
   * healthy.
   */
  get healthy(): boolean {
    return !unhealthy.has(this.reason);
  }
}

/**
 * Converts an error thrown by a step to the failure of the trade; `reason` applies if the call got no usable
 * answer.
 */
export function failureOf(error: unknown, reason: FailureReason): TradeFailure {
  if (error instanceof TradeFailure) return error;
  if (!(error instanceof CallError)) return new TradeFailure("unexpected", error);
  return new TradeFailure(error.kind === "stopped" ? "stopped" : reason, error);
}

/** Retries until the call succeeds, at most `attempts` times, and throws the last error. */
export async function retry<T>(attempts: number, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      const final = error instanceof CallError && (error.kind === "stopped" || isAnswer(error));
      if (attempt >= attempts || final) throw error;
    }
  }
}

/** A JSON-RPC error that another attempt would only repeat, because the transaction itself is refused. */
function isAnswer({ kind, code }: CallError): boolean {
  return kind === "rpc" && (code === -32002 || code === -32003 || code === -32602);
}
