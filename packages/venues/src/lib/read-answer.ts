import { readRpcAnswers } from "./json-rpc/read-answers.ts";
import { readJupiterAnswer } from "./jupiter/read-answer.ts";
import { readLandingAnswers } from "./landing/read-answer.ts";
import type { CallOutcome, VenueAnswer } from "./venue.ts";
import type { LandingCall, RpcCall, VenueCall } from "./venue-call.ts";

/**
 * What the answer says of each call, in their order. An answer without a status and a body says nothing: then the attributes are those of
 * the call. Never throws.
 */
export function readAnswer(calls: readonly VenueCall[], answer: VenueAnswer): readonly CallOutcome[] {
  try {
    return read(calls, answer);
  } catch {
    return calls.map(() => unknownOutcome);
  }
}

const unknownOutcome: CallOutcome = {
  ok: undefined,
  errorCode: undefined,
  slot: undefined,
  attributes: {},
  facts: [],
};

function read(calls: readonly VenueCall[], answer: VenueAnswer): readonly CallOutcome[] {
  const [first] = calls;
  if (first?.kind === "jupiter") return [readJupiterAnswer(first, answer)];
  const nodes = calls.filter((call): call is RpcCall => call.kind === "rpc");
  const services = calls.filter((call): call is LandingCall => call.kind === "landing");
  const outcomes = new Map<VenueCall, CallOutcome>();
  const ofNodes = readRpcAnswers(nodes, answer);
  for (const [index, call] of nodes.entries()) outcomes.set(call, ofNodes[index] ?? unknownOutcome);
  const ofServices = readLandingAnswers(services, answer);
  for (const [index, call] of services.entries()) outcomes.set(call, ofServices[index] ?? unknownOutcome);
  return calls.map((call) => outcomes.get(call) ?? unknownOutcome);
}
