import type { Protection } from "../market/decisions.ts";
import type { Chain } from "./chain.ts";

/** An error of JSON-RPC: `code` and `data` as a Solana node gives them. */
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
  /** By the path of the request: a block engine's makes the transaction a bundle of its own. */
  readonly protection: Protection;
}

export interface RpcMethod {
  /** Median latency, ms. */
  readonly medianMs: number;
  call(params: readonly unknown[], context: RpcContext): unknown;
}

export const SLIPPAGE_EXCEEDED = 6001;
