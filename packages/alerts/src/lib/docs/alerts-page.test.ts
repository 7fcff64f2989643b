import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { problemText } from "../rule/problem.ts";
import { readRules } from "../rule/read-rules.ts";
import { ruleFields } from "../rule/user-rule.ts";
import { alertsPage, withTables } from "./alerts-page.ts";

const page = readFileSync(alertsPage, "utf8");

describe("docs/alerts.md", () => {
  it("has the tables as they are (if not, run: npm run docs)", () => {
    expect(withTables(page)).toBe(page);
  });

  it("explains every field of a rule", () => {
    const [, fields = ""] = page.split("## Fields of a rule");
    for (const field of ruleFields) expect(fields).toContain(`| \`${field}\` |`);
  });

  it("has conditions that can be used", () => {
    const conditions = [...page.matchAll(/^ {4}(\w+(?:\{.*\})?(?:\[\w+\])? [<>=!]=? .+)$/gm)].map(
      ([, when]) => when,
    );
    expect(conditions.length).toBeGreaterThan(5);
    const rules = conditions.map((when, at) => ({ id: `rule-${at}`, severity: "info", when }));
    expect(readRules(rules).problems.map(problemText)).toEqual([]);
  });

  it("misses no mark of a table", () => {
    expect(() => withTables(page.replace("<!-- End of the rules. -->", ""))).toThrow("docs/alerts.md has no");
  });
});
