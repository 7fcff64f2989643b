import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import { describe, expect, it } from "vitest";
import { loadRules } from "./load-rules.ts";
import { parseRulesFile } from "./rules-file.ts";
import { problemsText } from "./rules-text.ts";

/** What is reported of a file's text; "" if nothing is. */
function report(text: string): string {
  const { problems } = parseRulesFile(text, {});
  return problems.length === 0 ? "" : problemsText("rules.yaml", text, problems);
}

describe("a file of rules", () => {
  it.each([
    "",
    "# nothing yet\n",
    "rules:\n",
    "- id: memory-high\n  enabled: false\n",
    '{\n\t"rules": [\n\t\t{ "id": "memory-high", "enabled": false }\n\t]\n}\n',
    "- id: memory-high\r\n  enabled: false\r\n",
    "- &base\n  id: a\n  severity: info\n  when: failure_rate > 1 %\n  labels: &l { team: x }\n- { id: memory-high, labels: *l }\n",
  ])("%j is right", (text) => {
    expect(report(text)).toBe("");
  });

  it("of an editor on Windows is right", async () => {
    const rulesFile = join(testFolder(), "rules.yaml");
    writeFileSync(rulesFile, "\uFEFF- id: memory-high\r\n  enabled: false\r\n");
    const rules = await loadRules({ rules: undefined, rulesFile, mevBudgetUsdPerHour: undefined });
    expect(rules.find(({ id }) => id === "memory-high")?.off).toBe("enabled: false");
  });

  it.each([
    ["- id: [\n", "rules.yaml:2:1: rules: this is not YAML: flow sequence"],
    ["- id: a\n  id: b\n", "rules.yaml:2:3: rules: this is not YAML: map keys must be unique"],
    ["- id: a\n  id: A\n  severity: inf\n  when: x > 5\n", "rules.yaml: 4 mistakes"],
    ["- *nothing\n", "rules.yaml: rules: this is not YAML: unresolved alias"],
    [
      "a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nrules: [*c,*c,*c,*c]\n",
      "excessive alias count",
    ],
    ["[".repeat(9_000), "rules: this is not YAML: it nests too deeply"],
    ["# ".padEnd(2_100_000, "x"), "rules.yaml: rules: the file has 2100000 characters"],
    ["just text\n", 'rules.yaml:1:1: rules: "just text" cannot be used'],
    ["- 7\n", "rules.yaml:1:3: rules[0]: 7 is not a rule"],
    ["rules:\n  - id: a\n  -\n", "rules.yaml:3:4: rules[1]: null is not a rule"],
    ["- id: a\n  severity: info\n", "rules.yaml:1:3: rules[0]: the rule has no when"],
  ])("%j is reported", (text, message) => {
    expect(report(text)).toContain(message);
  });

  it("with more mistakes than can be read is reported in seconds", { timeout: 30_000 }, () => {
    const many = (line: (index: number) => string): string =>
      Array.from({ length: 30_000 }, (_, index) => line(index)).join("");
    const base = "- id: a\n  severity: info\n  when: failure_rate > 5 %\n";
    expect(report(base + many((index) => `  k${index}: 1\n`))).toContain("there are 29900 more keys");
    expect(report(base + many(() => "  for: 5m\n"))).toMatch(/rules.yaml: 100 mistakes\s*$/);
    expect(report(many((index) => `k${index}: 1\n`))).toContain("there are 29900 more keys");
  });

  it("shows the line, and below it where a condition is wrong, if it stands there as it is", () => {
    const rule = (when: string): string => `- id: a\n  severity: info\n  when: ${when}\n`;
    expect(report(rule("failure_rate > 10 ms"))).toContain(
      "rules.yaml:3:27: rules[0].when: failure_rate is in %, and ms cannot be turned into that\n      when: failure_rate > 10 ms\n                              ^\n",
    );
    expect(report(rule("'failure_rate > 10 ms'"))).toContain("rules.yaml:3:28: ");
    expect(report(rule('"failure_\\x72ate > 10 ms"'))).toContain("rules.yaml:3:9: ");
    expect(report(rule(">\n    failure_rate\n    > 10 ms"))).toContain("rules.yaml:3:9: ");
  });

  it("keeps the mark below its place in long lines, and prints no control characters", () => {
    const long = report(
      `- { id: a, severity: info, when: failure_rate > 1 %, message: "${"x".repeat(200)}", fro: 5m }\n`,
    );
    const [, line = "", mark = ""] = long.split("\n");
    expect(line.slice(mark.indexOf("^"))).toMatch(/^5m/);
    expect(report("- id: a\u0007\n")).not.toContain("\u0007");
  });
});
