import { createHash } from "node:crypto";
import { attribute, spanName } from "@slipstream/conventions";
import { gotFrom, paidFor, type Swap } from "@slipstream/mev";
import { direction } from "@slipstream/solana";
import { type OtlpSpan, otlpAttribute } from "./otlp-json.ts";

export const ingestServiceName = "slipstream-ingest-block";

/**
 * A block's swaps as trades, with what the trader paid and received. What a block does not contain is left out: latency, quote, value
 * in USD. Fees and tip, which a transaction pays once, are on the first of its swaps.
 * @param blockTime Unix seconds.
 */
export function tradeSpans(swaps: readonly Swap[], blockTime: number): OtlpSpan[] {
  const charged = new Set<string>();
  return swaps.map((swap) => {
    const first = !charged.has(swap.signature);
    charged.add(swap.signature);
    return tradeSpan(swap, blockTime, first);
  });
}

function tradeSpan(swap: Swap, blockTime: number, withFees: boolean): OtlpSpan {
  const { pair, side } = direction(swap.tokenIn, swap.tokenOut);
  const fee = withFees ? swap.fee : undefined;
  const time = `${blockTime}000000000`;
  return {
    ...spanIds(swap.id),
    name: spanName.tradeExecute,
    kind: 1,
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    status: {},
    attributes: [
      ...otlpAttribute(attribute.tradeId, swap.id),
      ...otlpAttribute(attribute.tradeSource, "block"),
      ...otlpAttribute(attribute.tradeStatus, "success"),
      ...otlpAttribute(attribute.tradePair, pair),
      ...otlpAttribute(attribute.tradeSide, side),
      ...otlpAttribute(attribute.tradePool, swap.pool),
      ...otlpAttribute(attribute.tradeTokenIn, swap.tokenIn),
      ...otlpAttribute(attribute.tradeAmountIn, String(paidFor(swap))),
      ...otlpAttribute(attribute.tradeTokenOut, swap.tokenOut),
      ...otlpAttribute(attribute.tradeActualOut, String(gotFrom(swap))),
      ...otlpAttribute(attribute.solanaSignature, swap.signature),
      ...otlpAttribute(attribute.solanaSigner, swap.signer),
      ...otlpAttribute(attribute.solanaSlot, swap.slot === null ? undefined : BigInt(swap.slot)),
      ...otlpAttribute(attribute.solanaBaseFeeLamports, fee?.base),
      ...otlpAttribute(attribute.solanaPriorityFeeLamports, fee?.priority),
      ...otlpAttribute(
        attribute.jitoTipLamports,
        withFees && (swap.tipLamports ?? 0n) > 0n ? swap.tipLamports : undefined,
      ),
    ],
  };
}

/** Ids made from the trade's own, so that the same block read again is recognised span by span. */
function spanIds(tradeId: string): { traceId: string; spanId: string } {
  const hash = createHash("sha256").update(`slipstream block trade ${tradeId}`).digest("hex");
  return { traceId: hash.slice(0, 32), spanId: hash.slice(32, 48) };
}
