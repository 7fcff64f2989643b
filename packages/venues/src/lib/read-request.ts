import { readRpcCalls } from "./json-rpc/read-calls.ts";
import type { VenueHosts, VenueRequest } from "./venue.ts";
import type { VenueCall } from "./venue-call.ts";

const LONGEST_BODY = 1_048_576;

/**
 * All calls of a request: several for a batch of JSON-RPC, none if it is none that is known. Never throws, and takes time that is
 * bounded by the body's length, whatever its bytes.
 */
export function readRequest(request: VenueRequest, _hosts: VenueHosts): readonly VenueCall[] {
  try {
    const { method, body } = request;
    if (method !== "POST" || body === undefined || body.length > LONGEST_BODY) return [];
    return readRpcCalls(body);
  } catch {
    return [];
  }
}
