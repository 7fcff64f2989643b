import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Engine } from "@slipstream/engine";
import { START_MS, traces, trade } from "@slipstream/testing/engine/spans";
import { testFolder } from "@slipstream/testing/folders";
import { expect, test } from "vitest";
import { UnkeptLog } from "../log/unkept-log.ts";
import { Pipeline } from "../pipeline/pipeline.ts";
import { instantFile } from "./testing/instant-file.ts";

test("docs/extending.md shows the file as it is here", () => {
  const page = readFileSync(new URL("../../../../../docs/extending.md", import.meta.url), "utf8");
  const file = readFileSync(new URL("testing/instant-file.ts", import.meta.url), "utf8");
  expect(page).toContain(`\`\`\`ts\n${file.replaceAll("../../pipeline", "../pipeline")}\`\`\``);
});

test("the new sink gets what comes of each record, in order", async () => {
  const path = join(testFolder(), "instants.ndjson");
  const file = instantFile(path);
  const log = new UnkeptLog();
  const pipeline = new Pipeline({ engine: new Engine(), stages: [file.stage] });
  for (const second of [0, 6, 8, 14])
    pipeline.apply(traces([trade(START_MS + second * 1_000)]), log.append());
  await file.close();
  const lines = readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { timeMs: START_MS },
    { timeMs: START_MS + 5_000 },
    { timeMs: START_MS + 10_000, trades_per_minute: 18 },
  ]);
});
