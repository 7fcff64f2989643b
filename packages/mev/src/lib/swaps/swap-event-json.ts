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
  readonly payer?: string;
  readonly recipient?: string;
  readonly feeLamports?: string;
  readonly tipLamports: string;
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
    ...(swap.payer === undefined ? {} : { payer: swap.payer }),
    ...(swap.recipient === undefined ? {} : { recipient: swap.recipient }),
    ...(swap.fee === undefined ? {} : { feeLamports: String(swap.fee.total) }),
    tipLamports: String(swap.tipLamports),
  };
}
