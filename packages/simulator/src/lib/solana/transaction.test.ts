import {
  decodeBase58,
  decodeTransaction,
  encodeBase58,
  encodeMessage,
  encodeTransaction,
  priorityFee,
} from "@slipstream/solana";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../random.ts";
import { readSwap, type SwapRequest, swapMessage } from "./swap-transaction.ts";
import { isSignedBy, Wallet } from "./wallet.ts";

const key = (name: string): string => encodeBase58(new Random(name).bytes(32));

describe("base58", () => {
  test("returns the same bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 70 }), (bytes) => {
        expect(decodeBase58(encodeBase58(bytes), bytes.length)).toEqual(bytes);
      }),
    );
  });

  test("is Bitcoin's", () => {
    expect(encodeBase58(Buffer.from("Hello World!"))).toBe("2NEpo7TZRRrLZSi2U");
    expect(encodeBase58(new Uint8Array(32))).toBe("11111111111111111111111111111111");
    expect(decodeBase58("0OIl", 3)).toBeUndefined();
    expect(decodeBase58(key("a"), 31)).toBeUndefined();
  });
});

describe("transaction", () => {
  const u64 = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n });
  const request: fc.Arbitrary<SwapRequest> = fc.record({
    payer: fc.constant(key("payer")),
    inputMint: fc.constant(key("in")),
    outputMint: fc.constant(key("out")),
    pool: fc.constant(key("pool")),
    amountIn: u64,
    quotedOut: u64,
    toleranceBps: fc.integer({ min: 0, max: 10_000 }),
    computeUnitLimit: fc.integer({ min: 1, max: 1_400_000 }),
    computeUnitPrice: fc.integer({ min: 0, max: 10_000_000 }),
    tipLamports: fc.integer({ min: 0, max: 5_000_000 }),
  });

  test("the swap survives the wire format", () => {
    fc.assert(
      fc.property(request, (swap) => {
        const message = swapMessage(swap, key("blockhash"));
        const decoded = decodeTransaction(encodeTransaction(encodeMessage(message)));
        expect(readSwap(decoded.message)).toEqual(swap);
        expect(decoded.message.recentBlockhash).toBe(key("blockhash"));
      }),
    );
  });

  test("a signature is valid only for its message; the wallet is derived from the seed", () => {
    const wallet = new Wallet(new Random(1));
    expect(new Wallet(new Random(1)).address).toBe(wallet.address);
    const message = Buffer.from("swap");
    expect(isSignedBy(wallet.publicKey, message, wallet.sign(message))).toBe(true);
    expect(isSignedBy(wallet.publicKey, Buffer.from("sw4p"), wallet.sign(message))).toBe(false);
  });

  test("bytes that are not a transaction are rejected with a reason", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          decodeTransaction(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });

  test("the priority fee applies to the requested limit, rounded up", () => {
    expect(priorityFee(200_000, 742)).toBe(149);
    expect(priorityFee(1, 1)).toBe(1);
    expect(priorityFee(200_000, 0)).toBe(0);
  });
});
