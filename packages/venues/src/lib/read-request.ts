import { parsed } from "./json.ts";
import { rpcCall, rpcMessages } from "./json-rpc/read-calls.ts";
import { jupiterCall } from "./jupiter/read-call.ts";
import { landingService } from "./known-hosts.ts";
import { landingRestCall, landingRpcCall } from "./landing/read-call.ts";
import { targetOf } from "./target.ts";
import type { VenueHosts, VenueRequest } from "./venue.ts";
import type { VenueCall } from "./venue-call.ts";

const LONGEST_BODY = 1_048_576;
const json = /^\s*[[{]/;
/** What a body has that is a call of JSON-RPC or of Jupiter. Most others need not be parsed. */
const named = /"(?:method|quoteResponse|signedTransaction)"/;

/**
 * All calls of a request: several for a batch of JSON-RPC, none if it is none that is known. Never throws, and takes time that is
 * bounded by the body's length, whatever its bytes.
 */
export function readRequest(request: VenueRequest, hosts: VenueHosts): readonly VenueCall[] {
  try {
    return read(request, hosts);
  } catch {
    return none;
  }
}

const none: readonly VenueCall[] = [];

function read({ method, url, body: given }: VenueRequest, hosts: VenueHosts): readonly VenueCall[] {
  const target = targetOf(url);
  if (target === undefined) return none;
  const body = given === undefined || given.length > LONGEST_BODY ? undefined : given;
  const service = landingService(target, hosts);
  const mayBeKnown = body !== undefined && json.test(body) && (service !== undefined || named.test(body));
  const value = mayBeKnown ? parsed(body) : undefined;
  if (value !== undefined && method === "POST") {
    const messages = rpcMessages(value);
    if (messages.length > 0)
      return messages.map((message) => landingRpcCall(message, service) ?? rpcCall(message));
  }
  if (service !== undefined) return [landingRestCall(method, target, service, body, value)];
  const call = jupiterCall(method, target, value);
  return call === undefined ? none : [call];
}
