import type { SpanName } from "@slipstream/conventions";

/** A call of Solana's JSON-RPC. */
export interface RpcCall {
  readonly kind: "rpc";
  /** Name of its span. */
  readonly span: SpanName;
  readonly method: string;
  readonly id?: string | number | undefined;
  readonly commitment?: string | undefined;
}

export type VenueCall = RpcCall;
