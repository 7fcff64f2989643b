import fc from "fast-check";
import { expect, test } from "vitest";
import { numberOf, skipNumber } from "./numbers.ts";

const read = (text: string): number => numberOf(Buffer.from(text), 0, text.length);

test("a number is what JSON.parse makes of it, to the last bit", () => {
  const digits = fc
    .tuple(fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }), fc.nat(22))
    .map(([value, scale]) => {
      const text = String(value < 0n ? -value : value).padStart(scale + 1, "0");
      const at = text.length - scale;
      return `${value < 0n ? "-" : ""}${text.slice(0, at)}${scale === 0 ? "" : `.${text.slice(at)}`}`;
    });
  const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value));
  fc.assert(
    fc.property(
      fc.oneof(digits, double, fc.constantFrom("-0", "0", "0.1", "1e400", "5e-324", "0.30000000000000004")),
      (text) => {
        expect(read(text)).toBe(JSON.parse(text));
        expect(skipNumber(Buffer.from(`${text},`), 0, text.length + 1)).toBe(text.length);
      },
    ),
    { numRuns: 5_000 },
  );
});

test.each(["-", "01", ".5", "1.", "1e", "1e+", "+1", "--1", "1.e5", "-a"])("%j is no number", (text) => {
  const bytes = Buffer.from(`${text}]`);
  expect(skipNumber(bytes, 0, bytes.length)).not.toBe(text.length);
});
