import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { describe, expect, it, onTestFinished } from "vitest";
import { runCli, startCli } from "../testing/run-cli.ts";

const wrong = `# Rules of the desk
- id: node-latency-critical
  when: node_latncy_p99 > 150 ms
- id: slow-quotes
  severity: warn
  when: 'latency{operation="jupiter.quote",quantile="99"} > 100 ms'
  for: 5 minutes
  message: "{operation} takes {valeu}"
- id: memory-hihg
  enabled: false
`;

const right = `rules:
  - id: node-latency-critical
    when: node_latency_p99 > 150 ms
  - { id: memory-high, enabled: false }
  - id: slow-quotes
    severity: warning
    when: latency{operation="jupiter.quote",quantile="0.99"}[1m] > 0.1 s
    for: 90s
`;

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = testFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe("rules check", () => {
  it("lists every mistake with its line, what is allowed and what was meant, and ends with 2", async () => {
    const cwd = folderWith({ "rules.yaml": wrong });
    const { code, stdout, stderr } = await runCli(["rules", "check", "rules.yaml"], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.split("\n").filter((line) => line.startsWith("rules.yaml:"))).toEqual([
      "rules.yaml:3:9: rules[0].when: there is no statistic node_latncy_p99",
      'rules.yaml:5:13: rules[1].severity: "warn" cannot be used',
      'rules.yaml:6:53: rules[1].when: quantile is never "99"',
      'rules.yaml:7:8: rules[1].for: "5 minutes" is not a time from 0s to 1d',
      "rules.yaml:8:12: rules[1].message: there is no placeholder {valeu}",
      "rules.yaml:9:7: rules[2].id: there is no shipped rule memory-hihg, and a new rule needs severity and when",
      "rules.yaml: 6 mistakes",
    ]);
    for (const meant of ["node_latency_p99", "warning", "0.99", "5m", "{value}", "memory-high"]) {
      expect(stderr).toContain(`  did you mean ${meant}?\n`);
    }
    expect(stderr).toContain("  allowed: info, warning, critical\n");
    expect(stderr).toContain(`quantile="99"} > 100 ms'\n${" ".repeat(4 + 52)}^\n`);
  });

  it("prints what a file changes, and how it was read", async () => {
    const cwd = folderWith({ "rules.yaml": right });
    const { code, stdout, stderr } = await runCli(["rules", "check", "rules.yaml"], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^rules\.yaml: no mistakes; 1 new rule, 2 changed rules, \d+ as shipped$/m);
    expect(stdout).toMatch(/^node-latency-critical +critical +on, changed +node_latency_p99 > 150 ms/m);
    expect(stdout).toMatch(/^memory-high +warning +off, changed/m);
    expect(stdout).toMatch(
      /^slow-quotes +warning +on, new +latency\{.*\}\[1m\] > 100 ms for 1m30s, 100 samples or more$/m,
    );
  });

  it("gives the same as JSON", async () => {
    const cwd = folderWith({ "wrong.yaml": wrong, "right.yaml": right });
    const refused = await runCli(["rules", "check", "wrong.yaml", "--json"], { cwd });
    expect({ code: refused.code, stderr: refused.stderr }).toEqual({ code: 2, stderr: "" });
    const { problems, rules } = JSON.parse(refused.stdout) as { problems: object[]; rules: unknown };
    expect(rules).toEqual([]);
    expect(problems).toHaveLength(6);
    expect(problems[2]).toMatchObject({
      place: "rules[1].when",
      path: [1, "when"],
      column: 44,
      line: 6,
      lineColumn: 53,
      suggestion: "0.99",
    });
    const taken = await runCli(["rules", "check", "right.yaml", "--json"], { cwd });
    expect(taken.code).toBe(0);
    expect(JSON.parse(taken.stdout)).toMatchObject({
      problems: [],
      rules: [
        { id: "node-latency-critical", origin: "changed" },
        { id: "memory-high", off: "enabled: false" },
        { id: "slow-quotes", origin: "new", forSeconds: 90, when: { threshold: 100, windowSeconds: 60 } },
      ],
    });
  });

  it("of a file that is not there, and of no file, ends with 2", async () => {
    const cwd = testFolder();
    expect(await runCli(["rules", "check", "none.yaml"], { cwd })).toMatchObject({
      code: 2,
      stderr: "slipstream: none.yaml: there is no such file\n",
    });
    expect(await runCli(["rules", "check"], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("missing required argument 'file'"),
    });
  });
});

describe("rules list", () => {
  it("prints the shipped rules, those of a file and those of the configuration", async () => {
    const cwd = folderWith({ "rules.yaml": right });
    const shipped = await runCli(["rules", "list"], { cwd });
    expect(shipped.stdout).toMatch(/^circuit-breaker-open +critical +on +circuit_breaker_state == open$/m);
    expect(shipped.stdout).toMatch(/^mev-budget-hour +warning +off +.*mevBudgetUsdPerHour is not set/m);
    const args = ["rules", "list", "--rules", "rules.yaml", "--mev-budget", "40"];
    const { code, stdout } = await runCli(args, { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^mev-budget-hour +warning +on +mev_loss_usd\[1h\] > \$40$/m);
    expect(stdout).toMatch(/^slow-quotes +warning +on, new/m);

    writeFileSync(
      join(cwd, "slipstream.config.ts"),
      'export default { rules: [{ id: "memory-high", enabled: false }] };\n',
    );
    const json = await runCli(["rules", "list", "--json"], { cwd });
    const { rules } = JSON.parse(json.stdout) as { rules: { id: string }[] };
    expect(rules.find(({ id }) => id === "memory-high")).toMatchObject({
      off: "enabled: false",
      origin: "changed",
    });
    const both = await runCli(args, { cwd });
    expect(both.code).toBe(2);
    expect(both.stderr).toContain("exclude each other");
  });
});

describe("an aggregator with wrong rules", () => {
  it("does not start, and lists every mistake, of a file as of the configuration", async () => {
    const cwd = folderWith({ "rules.yaml": wrong });
    for (const command of ["aggregate", "config"]) {
      const { code, stderr } = await runCli([command, "--rules", "rules.yaml"], { cwd });
      expect(code).toBe(2);
      expect(stderr).toContain(
        "slipstream: the rules in rules.yaml have 6 mistakes:\n  rules.yaml:3:9: rules[0].when",
      );
      expect(stderr).toContain("did you mean memory-high?");
    }
    writeFileSync(
      join(cwd, "slipstream.config.ts"),
      'export default { rules: [{ id: "memory-high", enabled: "no" }, { id: "Node", severity: "info", when: "failure_rate >" }] };\n',
    );
    const { code, stderr } = await runCli(["aggregate"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("rules (from slipstream.config.ts) has 3 mistakes:");
    expect(stderr).toContain('  rules[0].enabled is wrong: "no" cannot be used');
    expect(stderr).toContain("  rules[1].when (column 15)");
  });

  it("starts with right ones", async () => {
    const cwd = folderWith({ "rules.yaml": right });
    const aggregate = startCli(["aggregate", "--port", "0", "--rules", "rules.yaml"], { cwd });
    onTestFinished(() => void aggregate.child.kill("SIGKILL"));
    await aggregate.printed(/Slipstream aggregator on/);
    aggregate.end();
    expect((await aggregate.result).code).toBe(0);
  });
});

describe("a running aggregator", () => {
  it("takes a change of the file at once; while the file is wrong the old rules hold", async () => {
    const rule = (id: string): string => `- { id: ${id}, severity: info, when: log_used >= 0 % }\n`;
    const cwd = folderWith({ "rules.yaml": rule("first") });
    const args = ["aggregate", "--port", "0", "--rules", "rules.yaml", "--log-format", "json"];
    const aggregate = startCli(args, { cwd });
    onTestFinished(() => void aggregate.child.kill("SIGKILL"));
    const logged = (text: string): Readonly<Record<string, unknown>> | undefined =>
      aggregate
        .stderr()
        .split("\n")
        .flatMap((line) =>
          line.includes(text) ? [JSON.parse(line) as Readonly<Record<string, unknown>>] : [],
        )
        .at(-1);
    const listening = await eventually("it listens", () => logged('"Listening"'));
    const fires = async (alert: string): Promise<boolean | undefined> => {
      const text = await (await fetch(`${String(listening.url)}/metrics`)).text();
      const [, value] =
        new RegExp(`^slipstream_alert_state\\{alert="${alert}".*\\} (.*)$`, "m").exec(text) ?? [];
      return value === undefined ? undefined : value === "1";
    };
    await eventually("the alert fires", () => fires("first"));

    writeFileSync(join(cwd, "rules.yaml"), rule("Second"));
    const failed = await eventually("it is refused", () => logged("Reload failed"));
    expect(failed.reason).toContain(
      'rules.yaml:1:9: rules[0].id: "Second" is not an id; did you mean second?',
    );
    expect(await fires("first")).toBe(true);

    writeFileSync(join(cwd, "rules.yaml"), rule("second"));
    const reloaded = await eventually("it is taken", () => logged("Configuration reloaded"));
    expect(reloaded).toMatchObject({ reloaded: ["rulesFile"] });
    await eventually("the other alert fires", () => fires("second"));
    expect(await fires("first")).toBeUndefined();
    aggregate.end();
    expect((await aggregate.result).code).toBe(0);
  });
});
