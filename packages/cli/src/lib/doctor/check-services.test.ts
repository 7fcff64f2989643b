import { expect, test } from "vitest";
import { troublesOf } from "./check-services.ts";

const good = {
  received: 5,
  duplicate: 0,
  late: 0,
  refused: 0,
  clockAhead: 0,
  clockBehind: 0,
  clockBehindSeconds: 0,
  completeness: null,
  ended: null,
  missing: null,
} as const;

test("a service that sends what can be true gives no finding", () => {
  expect(troublesOf("desk", good)).toEqual([]);
});

test("a wrong clock is named, with how far it is off", () => {
  const [behind, ahead] = troublesOf("desk", { ...good, clockBehindSeconds: 45.04, clockAhead: 1_200 });
  expect(behind).toMatchObject({
    outcome: "warn",
    text: expect.stringContaining("desk: its clock is 45.0 s behind"),
  });
  expect(ahead).toMatchObject({ outcome: "warn", text: expect.stringContaining("for 1,200 spans") });
});

test("refused values are named with examples and a remedy, the most frequent kinds first", () => {
  const kinds = ["trade.side", "trade.source", "mev.protection", "trade.status", "trade.failure_reason"];
  const refusedValues = kinds.map((attribute, i) => ({
    attribute,
    reason: "unknown_word" as const,
    count: 10 - i,
    examples: ["Long\n"],
  }));
  const findings = troublesOf("desk", { ...good, refusedValues });
  expect(findings[0]).toEqual({
    check: "Services",
    outcome: "warn",
    text: 'desk: trade.side unknown word 10 times, not counted: "Long\\n"',
    remedy: expect.stringContaining("docs/attributes.md"),
  });
  expect(findings).toHaveLength(5);
  expect(findings.at(-1)?.text).toContain("1 more kind of values");
});
