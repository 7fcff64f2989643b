import type { Swap } from "./swap.ts";

/** A swap event as read and written by `slipstream detect`, with amounts as decimal strings. */
export interface SwapEventJson {
  readonly id: string;
  readonly slot: number | null;
  readonly txIndex: number;
  readonly eventIndex: number;
  readonly signature: string;
  readonly signer: string;
  readonly program?: string;
  readonly pool: string;
  readonly protocol: string;
  readonly tokenIn: string;
  readonly tokenOut: string;
  readonly amountIn: string;
  readonly amountOut: string;
  readonly feeIn?: string;
  readonly feeOut?: string;
  readonly payer?: string;
  readonly recipient?: string;
  /** Reserve before the swap, of the token whose name sorts first. */
  readonly reserve0?: string;
  /** Reserve before the swap, of the other token. */
  readonly reserve1?: string;
  readonly feeLamports?: string;
  readonly tipLamports?: string;
  readonly bundleId?: string;
}

export function swapEventJson(swap: Swap): SwapEventJson {
  const { program, feeIn, feeOut, payer, recipient, reserves, fee, tipLamports, bundleId } = swap;
  return {
    id: swap.id,
    slot: swap.slot,
    txIndex: swap.txIndex,
    eventIndex: swap.eventIndex,
    signature: swap.signature,
    signer: swap.signer,
    ...(program === undefined ? {} : { program }),
    pool: swap.pool,
    protocol: swap.protocol,
    tokenIn: swap.tokenIn,
    tokenOut: swap.tokenOut,
    amountIn: String(swap.amountIn),
    amountOut: String(swap.amountOut),
    ...(feeIn === undefined ? {} : { feeIn: String(feeIn) }),
    ...(feeOut === undefined ? {} : { feeOut: String(feeOut) }),
    ...(payer === undefined ? {} : { payer }),
    ...(recipient === undefined ? {} : { recipient }),
    ...(reserves === undefined ? {} : namedReserves(swap.tokenIn < swap.tokenOut, reserves)),
    ...(fee === undefined ? {} : { feeLamports: String(fee.total) }),
    ...(tipLamports === undefined ? {} : { tipLamports: String(tipLamports) }),
    ...(bundleId === undefined ? {} : { bundleId }),
  };
}

function namedReserves(
  inFirst: boolean,
  reserves: { in: bigint; out: bigint },
): Pick<SwapEventJson, "reserve0" | "reserve1"> {
  const [reserve0, reserve1] = inFirst ? [reserves.in, reserves.out] : [reserves.out, reserves.in];
  return { reserve0: String(reserve0), reserve1: String(reserve1) };
}
