import { readRpcAnswers } from "./json-rpc/read-answers.ts";
import type { CallOutcome, VenueAnswer } from "./venue.ts";
import type { VenueCall } from "./venue-call.ts";

/**
 * What the answer says of each call, in their order. An answer without a status and a body says nothing: then the attributes are those of
 * the call. Never throws.
 */
export function readAnswer(calls: readonly VenueCall[], answer: VenueAnswer): readonly CallOutcome[] {
  try {
    return readRpcAnswers(calls, answer);
  } catch {
    return calls.map(() => ({ ok: undefined, attributes: {} }));
  }
}
