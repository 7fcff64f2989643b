import { type SpanName, spanName } from "@slipstream/conventions";

const LONGEST_METHOD = 64;
/** Solana's methods and its providers' are named like this. Those of other chains have an underscore, or are in small letters. */
const calls = /^(?:get|is|send|simulate|request|minimum|search)[A-Z][A-Za-z]*$/;
const subscriptions =
  /^(?:account|block|logs|program|root|signature|slot|slotsUpdates|transaction|vote)(?:Subscribe|Unsubscribe)$/;

/** A method of Solana's JSON-RPC; undefined if it is none. */
export function solanaMethod(method: unknown): string | undefined {
  if (typeof method !== "string" || method.length > LONGEST_METHOD) return undefined;
  return calls.test(method) || subscriptions.test(method) ? method : undefined;
}

/** Name of the span of a call. */
export function rpcSpan(method: string): SpanName {
  switch (method) {
    case "sendTransaction":
      return spanName.solanaSubmit;
    case "simulateTransaction":
      return spanName.solanaSimulate;
    default:
      return spanName.solanaRpc;
  }
}
