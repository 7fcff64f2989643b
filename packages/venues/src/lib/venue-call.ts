import type { SpanName } from "@slipstream/conventions";
import type { JupiterOperation, JupiterRequest } from "./jupiter/jupiter-request.ts";
import type { SentTransaction } from "./transaction/sent-transaction.ts";

/** A call of a JSON-RPC method of a Solana node. */
export interface RpcCall {
  readonly kind: "rpc";
  /** Name of its span. */
  readonly span: SpanName;
  readonly method: string;
  readonly id: string | number | undefined;
  readonly commitment: string | undefined;
  /** What `sendTransaction` sends, or `simulateTransaction` tries. */
  readonly transaction: SentTransaction | undefined;
  /** Signatures that are asked for, in order. */
  readonly watched: readonly string[];
}

/** A call of Jupiter's API, on whatever host. */
export interface JupiterCall {
  readonly kind: "jupiter";
  /** undefined: it has no name of its own, and is a request of HTTP like any other. */
  readonly span: SpanName | undefined;
  readonly operation: JupiterOperation;
  readonly details: JupiterRequest;
}

export type LandingOperation =
  | "send_transaction"
  | "send_bundle"
  | "tip_accounts"
  | "bundle_status"
  | "ping"
  | "other";

/** A call of a service that lands transactions. */
export interface LandingCall {
  readonly kind: "landing";
  readonly span: SpanName | undefined;
  /** As in `mev.protection`: jito, nozomi, ... */
  readonly service: string;
  readonly operation: LandingOperation;
  /** Method of JSON-RPC; undefined if it is none. */
  readonly method: string | undefined;
  readonly id: string | number | undefined;
  readonly sent: readonly SentTransaction[];
  /** Bundles that are asked for, in order. */
  readonly bundles: readonly string[];
}

export type VenueCall = RpcCall | JupiterCall | LandingCall;
