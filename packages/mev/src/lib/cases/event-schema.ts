import { z } from "zod";

/** A swap event as stored in a file, with amounts as decimal strings. Other keys are ignored. */
export interface RawEvent {
  readonly id: string;
  readonly slot: number | null;
  readonly txIndex: number;
  readonly eventIndex: number;
  readonly signature: string;
  readonly signer: string;
  readonly program?: string | null | undefined;
  readonly pool: string;
  readonly protocol: string;
  readonly payer?: string | null | undefined;
  readonly recipient?: string | null | undefined;
  readonly tokenIn: string;
  readonly tokenOut: string;
  readonly amountIn: bigint;
  readonly amountOut: bigint;
  readonly feeIn?: bigint | null | undefined;
  readonly feeOut?: bigint | null | undefined;
  readonly reserve0?: bigint | null | undefined;
  readonly reserve1?: bigint | null | undefined;
  readonly postReserve0?: bigint | null | undefined;
  readonly postReserve1?: bigint | null | undefined;
  readonly feeLamports?: bigint | null | undefined;
  readonly tipLamports?: bigint | null | undefined;
  readonly bundleId?: string | null | undefined;
}

/** Amounts of EVM tokens are 256-bit words. */
const largestAmount = 2n ** 256n - 1n;

/** An integer as a decimal string, or as a JSON number that holds it exactly. */
const amount: z.ZodType<bigint> = z
  .union([z.string(), z.number()], {
    error: ({ input }) => `expected a decimal string, received ${typeName(input)}`,
  })
  .transform((value, context) => {
    if (typeof value === "number" && !Number.isSafeInteger(value)) {
      context.addIssue(`expected a decimal string: the number ${value} is not exact`);
      return z.NEVER;
    }
    const text = String(value);
    if (!/^\d{1,78}$/.test(text)) {
      context.addIssue(`expected a decimal string, a whole number of atoms, received ${excerpt(text)}`);
      return z.NEVER;
    }
    const atoms = BigInt(text);
    if (atoms > largestAmount) {
      context.addIssue("expected at most 2^256 - 1");
      return z.NEVER;
    }
    return atoms;
  });

const name: z.ZodType<string> = z.string().min(1, "expected a name, received an empty string");
const place: z.ZodType<number> = z.int().nonnegative();

export const eventSchema: z.ZodType<RawEvent> = z.object({
  id: name,
  slot: place.nullable(),
  txIndex: place,
  eventIndex: place,
  signature: name,
  signer: name,
  program: name.nullish(),
  pool: name,
  protocol: z.string(),
  payer: name.nullish(),
  recipient: name.nullish(),
  tokenIn: name,
  tokenOut: name,
  amountIn: amount,
  amountOut: amount,
  feeIn: amount.nullish(),
  feeOut: amount.nullish(),
  reserve0: amount.nullish(),
  reserve1: amount.nullish(),
  postReserve0: amount.nullish(),
  postReserve1: amount.nullish(),
  feeLamports: amount.nullish(),
  tipLamports: amount.nullish(),
  bundleId: name.nullish(),
});

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  return Array.isArray(value) ? "array" : typeof value;
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
