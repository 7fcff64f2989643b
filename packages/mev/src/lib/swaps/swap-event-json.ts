import type { SwapEvent } from "./swap-event.ts";

/** A swap event as `slipstream detect` reads and writes it: amounts as decimal strings. */
export interface SwapEventJson {
  readonly id: string;
  readonly slot: number | null;
  readonly txIndex: number;
  readonly eventIndex: number;
  readonly signature: string;
  readonly signer: string;
  readonly program: string;
  readonly pool: string;
  readonly protocol: string;
  readonly tokenIn: string;
  readonly tokenOut: string;
  readonly amountIn: string;
  readonly amountOut: string;
  readonly feeLamports?: string;
}

export function swapEventJson(swap: SwapEvent): SwapEventJson {
  return {
    id: swap.id,
    slot: swap.slot,
    txIndex: swap.txIndex,
    eventIndex: swap.eventIndex,
    signature: swap.signature,
    signer: swap.signer,
    program: swap.program,
    pool: swap.pool,
    protocol: swap.protocol,
    tokenIn: swap.tokenIn,
    tokenOut: swap.tokenOut,
    amountIn: String(swap.amountIn),
    amountOut: String(swap.amountOut),
    ...(swap.fee === undefined ? {} : { feeLamports: String(swap.fee.total) }),
  };
}
