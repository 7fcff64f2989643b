import { SlipstreamError } from "@slipstream/conventions";
import type { ChainBatch } from "@slipstream/engine";
import { z } from "zod";
import type { RecordKind } from "./record-kind.ts";

/** Largest body of a record, bytes. */
export const MAX_CHAIN_BYTES: number = 4 * 1024 * 1024;

const MOST_SLOTS = 1_024;
const text = z.string().max(256);
const reason = z.string().max(1_024);
const slot = z.int().min(0);
// 39 digits hold 2^128, and no pool counts beyond it.
const atoms = z
  .string()
  .regex(/^\d{1,39}$/)
  .transform(BigInt);
const texts = z.array(text).max(10_000);

const tips = z
  .array(z.object({ service: text, lamports: atoms, transaction: text.optional() }))
  .max(64)
  .optional();

const place = {
  id: text,
  blockTime: z.int().nullish(),
  txIndex: z.int().min(0),
  eventIndex: z.int().min(0),
  signature: text,
  signer: text,
  program: text.optional(),
  protocol: text,
  fee: z.object({ total: atoms, base: atoms.optional(), priority: atoms.optional() }).optional(),
  tipLamports: atoms.optional(),
  tips,
  bundleId: text.optional(),
};
const swap = z.object({
  ...place,
  pool: text,
  payer: text.optional(),
  recipient: text.optional(),
  tokenIn: text,
  tokenOut: text,
  amountIn: atoms,
  amountOut: atoms,
  feeIn: atoms.optional(),
  feeOut: atoms.optional(),
  reserves: z.object({ in: atoms, out: atoms }).optional(),
});
const attempted = z.object({ ...place, pool: text.nullable() });
const undecoded = z.object({ ...place, pool: text.nullable(), accounts: texts.optional(), reason });
const other = z.object({ signature: text, failed: z.boolean(), programs: texts, tips });

const transfer = z.object({
  txIndex: place.txIndex,
  eventIndex: place.eventIndex,
  signature: text,
  token: text,
  from: text,
  to: text,
  amount: atoms,
  received: atoms,
});

const slotSwaps = z
  .object({
    slot,
    pools: z.union([texts, z.literal("all")]),
    swaps: z.array(swap).max(10_000),
    attempted: z.array(attempted).max(10_000),
    undecoded: z.array(undecoded).max(10_000),
    searched: texts,
    others: z.array(other).max(10_000),
    transfers: z.array(transfer).max(10_000).optional(),
    skipped: z.array(slot).max(MOST_SLOTS),
    leader: text.nullable(),
  })
  .transform(({ swaps, attempted, undecoded, transfers, ...told }) => {
    // The body says the slot once for all of them.
    const at = { slot: told.slot };
    return {
      ...told,
      swaps: swaps.map((one) => ({ ...one, ...at })),
      attempted: attempted.map((one) => ({ ...one, ...at })),
      undecoded: undecoded.map((one) => ({ ...one, ...at })),
      ...(transfers === undefined ? {} : { transfers: transfers.map((one) => ({ ...one, ...at })) }),
    };
  });

const schema = z.object({
  slots: z.array(slotSwaps).max(MOST_SLOTS),
  skipped: z.array(slot).max(MOST_SLOTS),
  failed: z.array(z.object({ slot, reason })).max(MOST_SLOTS),
  placed: z
    .array(z.object({ signature: text, slot }))
    .max(MOST_SLOTS)
    .default([]),
  finalized: slot.nullable(),
});

/**
 * What a watcher saw of the chain, as JSON: blocks around the desk's trades, and how far the chain is final. A watcher's
 * thread may have encoded it already.
 */
export const chain: RecordKind<ChainBatch | Uint8Array> = {
  name: "chain",
  layout: 1,
  encode: (seen) => ({
    format: null,
    compression: null,
    body: seen instanceof Uint8Array ? seen : encodeChain(seen),
  }),
  decode: ({ body }) => decodeChain(body),
};

/**
 * The body of a chain record.
 *
 * @throws SlipstreamError `chain_too_large` if it would be larger than `MAX_CHAIN_BYTES`
 */
export function encodeChain({ slots, skipped, failed, placed, finalized }: ChainBatch): Uint8Array {
  const json = JSON.stringify({ slots, skipped, failed, placed, finalized }, (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  const body = Buffer.from(json);
  if (body.byteLength <= MAX_CHAIN_BYTES) return body;
  const message = `The chain record takes ${body.byteLength} bytes; at most ${MAX_CHAIN_BYTES} are allowed`;
  throw new SlipstreamError("chain_too_large", message);
}

/**
 * Reads what `encodeChain` wrote.
 *
 * @throws SlipstreamError `invalid_chain` if it is something else
 */
export function decodeChain(body: Uint8Array): ChainBatch {
  const result = schema.safeParse(jsonOf(body));
  if (result.success) return { kind: "chain", ...result.data };
  const [issue] = result.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw new SlipstreamError("invalid_chain", `${field || "The chain record"}: ${issue?.message}`, {
    field,
  });
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch (cause) {
    throw new SlipstreamError("invalid_chain", "The chain record is not JSON", { cause });
  }
}
