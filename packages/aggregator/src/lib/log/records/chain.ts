import { SlipstreamError } from "@slipstream/conventions";
import { z } from "zod";
import type { ChainBatch } from "./chain.ts";

/** Largest body of a record, bytes. What is more is not told: see `encodeChain`. */
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
const undecoded = z.object({ ...place, pool: text.nullable(), reason });
const other = z.object({ signature: text, failed: z.boolean(), programs: texts });

const slotSwaps = z
  .object({
    slot,
    pools: z.union([texts, z.literal("all")]),
    swaps: z.array(swap).max(10_000),
    attempted: z.array(attempted).max(10_000),
    undecoded: z.array(undecoded).max(10_000),
    searched: texts,
    others: z.array(other).max(10_000),
    skipped: z.array(slot).max(MOST_SLOTS),
    leader: text.nullable(),
  })
  .transform(({ swaps, attempted, undecoded, ...told }) => {
    // Each stands in its slot; the body says it once.
    const at = { slot: told.slot };
    return {
      ...told,
      swaps: swaps.map((one) => ({ ...one, ...at })),
      attempted: attempted.map((one) => ({ ...one, ...at })),
      undecoded: undecoded.map((one) => ({ ...one, ...at })),
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
 * The body of a log record that tells of the chain.
 *
 * @throws SlipstreamError `chain_too_large` where it would be larger than `MAX_CHAIN_BYTES`
 */
export function encodeChain({ slots, skipped, failed, placed, finalized }: ChainBatch): Uint8Array {
  const json = JSON.stringify({ slots, skipped, failed, placed, finalized }, (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  const body = Buffer.from(json);
  if (body.byteLength <= MAX_CHAIN_BYTES) return body;
  const message = `What is told of the chain takes ${body.byteLength} bytes, more than ${MAX_CHAIN_BYTES}`;
  throw new SlipstreamError("chain_too_large", message);
}

/**
 * Reads what `encodeChain` wrote.
 *
 * @throws SlipstreamError `invalid_chain` where it is something else
 */
export function decodeChain(body: Uint8Array): ChainBatch {
  const result = schema.safeParse(jsonOf(body));
  if (result.success) return { kind: "chain", ...result.data };
  const [issue] = result.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw new SlipstreamError("invalid_chain", `${field || "What is told of the chain"}: ${issue?.message}`, {
    field,
  });
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch (cause) {
    throw new SlipstreamError("invalid_chain", "What is told of the chain is no JSON", { cause });
  }
}
