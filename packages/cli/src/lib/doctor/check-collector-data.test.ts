import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import { expect, test } from "vitest";
import { checkCollectorData } from "./check-collector-data.ts";

test("files that the Collector has set aside are a problem, until they are deleted", () => {
  const folder = testFolder();
  writeFileSync(join(folder, "exporter_otlp_http_aggregator_traces"), "");
  expect(checkCollectorData(folder)).toMatchObject([{ outcome: "ok" }]);
  const backup = "exporter_otlp_http_aggregator_traces.20261130-001500.backup";
  writeFileSync(join(folder, backup), "");
  expect(checkCollectorData(folder)).toMatchObject([
    { outcome: "bad", text: expect.stringContaining(backup), remedy: expect.stringContaining("delete") },
  ]);
});

test("a folder that cannot be read is a warning, one that is not named is none", () => {
  expect(checkCollectorData(join(testFolder(), "none"))).toMatchObject([
    { outcome: "warn", text: expect.stringContaining("ENOENT") },
  ]);
  expect(checkCollectorData(undefined)).toEqual([]);
});
