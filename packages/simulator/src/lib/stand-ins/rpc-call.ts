import type { Protection } from "../market/decisions.ts";
import type { Chain } from "./chain.ts";

/** A JSON-RPC error with `code` and `data` as returned by a Solana node. */
export class RpcError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

export interface RpcContext {
  readonly chain: Chain;
  readonly nowMs: number;
  /** From the path of the request: a block engine makes the transaction a bundle of its own. */
  readonly protection: Protection;
}

export interface RpcMethod {
  /** Median latency, in ms. */
  readonly medianMs: number;
  call(params: readonly unknown[], context: RpcContext): unknown;
}

export const SLIPPAGE_EXCEEDED = 6001;
