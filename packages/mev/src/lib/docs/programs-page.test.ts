import { readFileSync } from "node:fs";
import { programName } from "@slipstream/solana";
import { expect, test } from "vitest";
import { swapDecoders } from "../programs/decoders.ts";
import { programTable } from "../programs/program-table.ts";
import { poolModel } from "../replay/pool-model.ts";
import { mevPage, withPrograms } from "./programs-page.ts";

const page = readFileSync(mevPage, "utf8");

test("docs/mev.md lists what the decoders read (else: npm run docs)", () => {
  expect(withPrograms(page, swapDecoders)).toBe(page);
});

test("a decoder without an entry, an entry without a decoder and a page without the place are refused", () => {
  const [first, ...others] = swapDecoders;
  if (first === undefined) throw new Error("no decoders");
  expect(() => withPrograms(page, others)).toThrow(`no decoder is called ${first.protocol}`);
  expect(() => withPrograms(page, [...swapDecoders, { ...first, protocol: "New" }])).toThrow(
    "no entry for New",
  );
  expect(() => withPrograms("# Sandwiches\n", swapDecoders)).toThrow("docs/mev.md has no");
});

test("a loss is said to be replayed if the pool's model can be replayed, and not otherwise", () => {
  for (const { protocol, loss } of programTable) {
    const { kind } = poolModel(protocol);
    expect(kind, protocol).not.toBe("unknown");
    expect(loss.startsWith("not replayable: "), protocol).toBe(kind === "unsupported");
  }
});

test("every decoded program has a name that people know, so that using it links nobody", () => {
  for (const { protocol, program } of swapDecoders) expect(programName(program), protocol).toBeDefined();
});

test("dates are days", () => {
  const dates = programTable.flatMap(({ since }) => since ?? []);
  expect(dates.length).toBeGreaterThan(15);
  for (const date of dates) expect(new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10)).toBe(date);
});
