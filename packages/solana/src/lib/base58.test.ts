import { base58 } from "@scure/base";
import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeBase58, readBase58 } from "./base58.ts";

it("bytes of any length are read back, leading zeros too", () => {
  const bytes = fc
    .tuple(fc.uint8Array({ maxLength: 5, max: 0 }), fc.uint8Array({ maxLength: 1_000 }))
    .map(([zeros, rest]) => Uint8Array.from([...zeros, ...rest]));
  fc.assert(
    fc.property(bytes, (some) => {
      expect(readBase58(base58.encode(some))).toEqual(some);
    }),
  );
});

it("the largest number of each length is read", () => {
  for (let length = 0; length < 100; length++) {
    const most = new Uint8Array(length).fill(0xff);
    expect(readBase58(base58.encode(most))).toEqual(most);
    const digits = "z".repeat(length);
    expect(readBase58(digits)).toEqual(base58.decode(digits));
  }
});

it("any other text is no base58", () => {
  for (const text of ["0", "O", "I", "l", "2NEpo7TZ RRrL", "é", "1\u{1f600}", "abc\u0000"]) {
    expect(readBase58(text)).toBeUndefined();
    expect(decodeBase58(text, 1)).toBeUndefined();
  }
});
