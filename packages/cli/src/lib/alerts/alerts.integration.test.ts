import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { expect, it, onTestFinished } from "vitest";
import { runCli, startCli } from "../testing/run-cli.ts";

/** True as soon as the aggregator reports of itself. */
const rules = "- { id: disk-there, severity: warning, when: disk_free > 0 % }\n";

it("alerts of a running aggregator are listed, acknowledged and silenced, behind its token", async () => {
  const cwd = testFolder();
  writeFileSync(join(cwd, "rules.yaml"), rules);
  const args = ["aggregate", "--port", "0", "--rules", "rules.yaml", "--token", "secret"];
  const aggregate = startCli(args, { cwd });
  onTestFinished(() => void aggregate.child.kill("SIGKILL"));
  const [, endpoint = ""] = await aggregate.printed(/Slipstream aggregator on (\S+)/);
  const call = (...command: readonly string[]) =>
    runCli([...command, "--endpoint", endpoint, "--token", "secret"], { cwd });

  await eventually("the alert fires", async () => {
    const { stdout } = await call("alerts");
    return /^warning +firing +disk-there /m.test(stdout);
  });
  expect(await runCli(["alerts", "--endpoint", endpoint], { cwd })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("wants a token"),
  });
  expect((await call("alerts", "list", "--check")).code).toBe(1);
  const taken = await call("alerts", "ack", "disk-there", "--by", "ann", "--comment", "fine");
  expect(taken).toMatchObject({ code: 0, stdout: expect.stringContaining("as ann") });
  const checked = await call("alerts", "list", "--check", "--json");
  expect(checked.code).toBe(0);
  expect(JSON.parse(checked.stdout)).toMatchObject({
    ...{ states: { firing: expect.any(Number) }, channels: { console: { type: "console" } } },
    rules: expect.arrayContaining([expect.objectContaining({ rule: "disk-there", series: 1, firing: 1 })]),
    alerts: expect.arrayContaining([
      expect.objectContaining({
        id: "disk-there",
        acknowledged: expect.objectContaining({ comment: "fine" }),
      }),
    ]),
  });
  expect((await call("top", "--once")).stdout).toMatch(/WARNING +disk-there .*acknowledged by ann: fine/);
  expect(await call("alerts", "ack", "none")).toMatchObject({ code: 1, stdout: "" });

  const made = await call("silence", "add", "alertname=disk-there", "--for", "2h", "--by", "ann", "--json");
  const { id } = JSON.parse(made.stdout) as { id: string };
  expect((await call("silence")).stdout).toMatch(new RegExp(`^${id} +alertname=disk-there +.*ann$`, "m"));
  expect((await call("alerts")).stdout).toContain(`silenced by ${id}`);
  expect(await call("silence", "expire", id)).toMatchObject({
    code: 0,
    stdout: "Ended the silence of alertname=disk-there\n",
  });
  expect((await call("silence", "list")).stdout).toBe("no silences\n");
  expect((await call("silence", "expire", id)).code).toBe(1);

  const closed = await call("alerts", "close", "disk-there", "--by", "ann");
  expect(closed).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("Closed disk-there: it fires again"),
  });
  expect((await call("alerts")).stdout).not.toContain("disk-there");
});

it.each([
  [["silence", "add", "sink", "--for", "2h"], "wrong at column 5"],
  [["silence", "add", "sink=redis"], "give either --for"],
  [["silence", "add", "sink=redis", "--for", "soon"], "is not a duration"],
  [["silence", "add", "sink=redis", "--until", "2020-01-01T00:00:00Z"], "is over already"],
  [["alerts", "close"], "missing required argument"],
  [["alerts", "ack"], "missing required argument"],
])("%j is a wrong usage", async (args, message) => {
  const { code, stderr } = await runCli(args, { cwd: testFolder() });
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
