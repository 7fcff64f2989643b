export { readAnswer } from "./lib/read-answer.ts";
export { readRequest } from "./lib/read-request.ts";
export type { CallOutcome, VenueAnswer, VenueHosts, VenueRequest } from "./lib/venue.ts";
export type { VenueCall } from "./lib/venue-call.ts";
