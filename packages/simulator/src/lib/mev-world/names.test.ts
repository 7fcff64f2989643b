import { decodeBase58 } from "@slipstream/solana";
import { expect, test } from "vitest";
import { Random } from "../random.ts";
import { Names } from "./names.ts";

test("addresses are 32 bytes, signatures 64, and all are unique", () => {
  for (const seed of [0, 1, 12_345]) {
    const random = new Random(seed);
    const names = new Names(seed, () => random.next());
    const addresses = Array.from({ length: 2000 }, () => names.address());
    const signatures = Array.from({ length: 2000 }, () => names.signature());
    const fillers = Array.from({ length: 100 }, (_, index) =>
      names.fillerSignature(310_000_000 + index, index),
    );
    expect(addresses.every((address) => decodeBase58(address, 32)?.length === 32)).toBe(true);
    expect([...signatures, ...fillers].every((signature) => decodeBase58(signature, 64)?.length === 64)).toBe(
      true,
    );
    expect(new Set([...addresses, ...signatures, ...fillers]).size).toBe(4100);
    expect(names.fillerSignature(310_000_003, 3)).toBe(fillers[3]);
  }
});
