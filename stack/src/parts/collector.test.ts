import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import { expect, test } from "vitest";
import { collector } from "./collector.ts";

test("files of queues that were set aside are a trouble, and so is a folder that nobody can look into", () => {
  const data = testFolder();
  const setting = { repository: "", data, ports: {}, parts: [], tokenFile: "", env: {}, simulator: [] };
  const folder = join(data, "collector");
  mkdirSync(folder);
  writeFileSync(join(folder, "exporter_otlp_http_aggregator_traces"), "");
  expect(collector.trouble?.(setting)).toBeUndefined();
  const backup = "exporter_otlp_http_aggregator_traces.20261130-001500.backup";
  writeFileSync(join(folder, backup), "");
  expect(collector.trouble?.(setting)).toContain(`set aside in ${folder}: ${backup}.`);
  rmSync(folder, { recursive: true });
  expect(collector.trouble?.(setting)).toContain(`${folder} cannot be read (ENOENT)`);
});
