import fc from "fast-check";
import { expect, test } from "vitest";
import { cutText, MAX_TEXT_BYTES, NameTable, TextCache, textOf } from "./text.ts";

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

test("the cache gives the text of the bytes, whatever shared the slot before", () => {
  const cache = new TextCache(4);
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 90 }), fc.nat(5), (text, before) => {
      const body = Buffer.concat([Buffer.alloc(before, 0x41), Buffer.from(text), Buffer.alloc(3)]);
      const length = body.length - before - 3;
      for (let time = 0; time < 2; time++) {
        expect(cache.text(body, viewOf(body), before, length)).toBe(
          cutText(body.toString("utf8", before, before + length)),
        );
      }
    }),
    { numRuns: 2000 },
  );
});

test("names are found by their bytes, and nothing else is", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 40 }),
      fc.array(fc.string()),
      (names, others) => {
        const table = new NameTable(names.map((name, index) => [name, index]));
        for (const name of [...names, ...others]) {
          const bytes = Buffer.from(name);
          const wanted = names.indexOf(bytes.toString());
          expect(table.find(viewOf(bytes), 0, bytes.length)).toBe(wanted === -1 ? undefined : wanted);
        }
      },
    ),
  );
});

test("a name is what it is, whatever names came before it, known or not", () => {
  const known = ["service.name", "trade.id", "a", "", "k".repeat(80)];
  const table = new NameTable(known.map((name, index) => [name, index]));
  const name = fc.oneof(
    fc.constantFrom(...known),
    fc.constantFrom("trade.ix", "b", "x".repeat(64), "x".repeat(65)),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(name, { maxLength: 40 }), (names) => {
      for (const each of [...names, ...names]) {
        const bytes = Buffer.from(each);
        const wanted = known.indexOf(bytes.toString());
        expect(table.find(viewOf(bytes), 0, bytes.length)).toBe(wanted === -1 ? undefined : wanted);
      }
    }),
    { numRuns: 1_000 },
  );
});

test("long texts are cut between characters, the same from bytes as from text", () => {
  for (const unit of ["a", "é", "€", "🚀"]) {
    const bytes = Buffer.from(`x${unit.repeat(600)}`);
    const cut = textOf(bytes, 0, bytes.length);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(MAX_TEXT_BYTES);
    expect(cut).not.toContain("\ufffd");
    expect(cutText(bytes.toString())).toBe(cut);
  }
});
