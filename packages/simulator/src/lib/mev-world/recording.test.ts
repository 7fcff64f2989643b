import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeBlock } from "@slipstream/mev";
import { readInput } from "@slipstream/mev/cases";
import { parseBlockText } from "@slipstream/solana/block";
import { sharedFolder } from "@slipstream/testing/folders";
import { expect, test } from "vitest";
import { recordMevWorld } from "./recording.ts";
import { openMevWorld } from "./world.ts";

const directory = sharedFolder();

const lines = (name: string): Record<string, unknown>[] =>
  readFileSync(join(directory, name), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

test("a recorded world is a folder of blocks, swaps, spans and truth", async () => {
  const world = openMevWorld({ seed: 2, trades: 60, days: 0.05, attackRate: 0.2 });
  const recording = await recordMevWorld(world, directory);
  expect(recording.trades).toBe(60);

  const truth = lines("truth.ndjson");
  expect(truth.map(({ type }) => type).filter((type) => type === "trade")).toHaveLength(60);
  expect(truth.map(({ type }) => type).filter((type) => type === "attack")).toHaveLength(recording.attacks);
  expect(truth[0]).toMatchObject({ type: "world", settings: { seed: 2, trades: 60 } });
  expect(truth.at(-1)).toEqual({ type: "totals", ...recording });
  expect(lines("trades.ndjson")).toHaveLength(60);

  const swaps = lines("swaps.ndjson");
  const [cases] = readInput(readFileSync(join(directory, "swaps.ndjson"), "utf8"), "swaps");
  expect(cases?.swaps).toHaveLength(swaps.length);

  const files = readdirSync(join(directory, "blocks"));
  expect(files).toHaveLength(recording.blocks);
  const ids = new Set(swaps.map(({ id }) => id));
  let found = 0;
  for (const file of files) {
    const text = readFileSync(join(directory, "blocks", file), "utf8");
    if (text === "null\n") continue;
    const { swaps: decoded } = decodeBlock(parseBlockText(text), Number.parseInt(file, 10));
    for (const { id } of decoded) if (ids.has(id)) found++;
    expect(decoded.every(({ id }) => ids.has(id))).toBe(true);
  }
  expect(found).toBeGreaterThan(60);
  for (const { slot } of truth.filter(({ type, slot }) => type === "trade" && typeof slot === "number")) {
    for (let near = Number(slot) - 4; near <= Number(slot) + 4; near++)
      expect(files).toContain(`${near}.json`);
  }
});
