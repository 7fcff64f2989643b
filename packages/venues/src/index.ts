export type {
  BuiltFact,
  ExecutedFact,
  Quote,
  QuoteFact,
  RealisedFact,
  StatusFact,
  TradeFact,
} from "./lib/facts.ts";
export type { JupiterRequest } from "./lib/jupiter/jupiter-request.ts";
export { readAnswer } from "./lib/read-answer.ts";
export { readRequest } from "./lib/read-request.ts";
export { RpcSocket, type SocketEvent } from "./lib/socket/rpc-socket.ts";
export type { TradeName } from "./lib/trades/attempt.ts";
export type { Begun, Made } from "./lib/trades/made.ts";
export type { TradeRef, TradeSpan } from "./lib/trades/output.ts";
export { Trades } from "./lib/trades/trades.ts";
export type { SentTransaction } from "./lib/transaction/sent-transaction.ts";
export type { AttributeValues, CallOutcome, VenueAnswer, VenueHosts, VenueRequest } from "./lib/venue.ts";
export type { JupiterCall, LandingCall, RpcCall, VenueCall } from "./lib/venue-call.ts";
