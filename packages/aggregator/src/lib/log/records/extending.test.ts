import { readFileSync } from "node:fs";
import { serviceMetrics } from "@slipstream/conventions";
import { Engine } from "@slipstream/engine";
import { testFolder } from "@slipstream/testing/folders";
import { expect, test, vi } from "vitest";
import { createJournal } from "../../pipeline/journal.ts";
import { LogPipeline } from "../../pipeline/log-pipeline.ts";
import { replayLog } from "../../replay/replay.ts";
import { openLog } from "../open-log.ts";
import { newRecord } from "./record-kind.ts";
import { reading } from "./testing/reading.ts";

// The steps of docs/extending.md: the file stands in testing/, and this is the line in the list.
vi.mock(import("./record-kinds.ts"), async (original) => {
  const [{ recordKinds }, added] = await Promise.all([original(), import("./testing/reading.ts")]);
  return { recordKinds: [...recordKinds, added.reading] };
});

test("docs/extending.md shows the file as it is here", () => {
  const page = readFileSync(new URL("../../../../../../docs/extending.md", import.meta.url), "utf8");
  const file = readFileSync(new URL("testing/reading.ts", import.meta.url), "utf8");
  expect(page).toContain(`\`\`\`ts\n${file.replaceAll("../record-kind.ts", "./record-kind.ts")}\`\`\``);
});

test("a record of the new kind goes through the log to the engine, and a replay reads it", async () => {
  const directory = testFolder();
  const log = await openLog({ directory });
  const engine = new Engine();
  const journal = createJournal({
    log,
    pipeline: new LogPipeline({ engine }),
    onError: (error) => expect(error).toBeUndefined(),
  });
  const timeMs = Date.UTC(2026, 0, 20);
  const value = { service: "desk", name: serviceMetrics.openPositions.name, timeMs, value: 3 };
  await journal.commit(newRecord(reading, timeMs, value));
  expect(engine.current().services.desk).toBeDefined();
  await log.close();
  expect(replayLog(directory).current).toEqual(engine.current());
});
