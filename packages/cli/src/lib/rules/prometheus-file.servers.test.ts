import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { testFolder } from "@slipstream/testing/folders";
import { promtool } from "@slipstream/testing/prometheus-server";
import { expect, test } from "vitest";
import { runCli } from "../testing/run-cli.ts";

const shipped = fileURLToPath(new URL("../../../../../prometheus/rules/slipstream.yml", import.meta.url));

test("promtool finds nothing wrong with the rules that are shipped for Prometheus", () => {
  const { status, stdout, stderr } = promtool(["check", "rules", "--lint-fatal", shipped], "");
  expect({ status, output: stdout + stderr }).toEqual({
    status: 0,
    output: expect.stringMatching(/SUCCESS: \d\d rules found/),
  });
});

test("slipstream rules prometheus prints them, and as JSON", async () => {
  const cwd = testFolder();
  const text = await runCli(["rules", "prometheus"], { cwd });
  expect(text).toMatchObject({ code: 0, stdout: readFileSync(shipped, "utf8") });
  const json = await runCli(["rules", "prometheus", "--json", "--aggregator-job", "agg"], { cwd });
  expect(JSON.parse(json.stdout)).toMatchObject({
    settings: { aggregatorJob: "agg" },
    groups: [{ name: "slipstream" }, { name: "slipstream-objectives" }],
  });
});

test.each([
  ["--latency-within", "70", "10, 25, 50, 100, 200, 500, 1000"],
  ["--success-objective", "100", "a number from 1 to 99.999"],
  ["--scrape-interval", "2m", "a whole number of seconds from 1 to 75"],
])("a wrong %s ends the command with 2 and what is allowed", async (flag, value, allowed) => {
  const { code, stdout, stderr } = await runCli(["rules", "prometheus", flag, value], { cwd: testFolder() });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(allowed);
});
