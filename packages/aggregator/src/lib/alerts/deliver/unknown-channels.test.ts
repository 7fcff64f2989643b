import { shippedRules } from "@slipstream/alerts";
import { expect, test } from "vitest";
import { warnOfUnknownChannels } from "./unknown-channels.ts";

const rules = shippedRules().map((rule, at) => ({
  ...rule,
  escalation: { ...rule.escalation, channels: at === 0 ? ["pager", "typo"] : [] },
}));

function warned(channels: readonly string[], of = rules): readonly object[] {
  const lines: object[] = [];
  warnOfUnknownChannels(of, channels, { warn: (details) => void lines.push(details) });
  return lines;
}

test("channels that rules escalate to and that are not configured are named, with the rule", () => {
  expect(warned(["console", "pager"])).toEqual([
    { rule: "node-latency-critical", channels: ["typo"], known: ["console", "pager"] },
  ]);
  expect(warned(["pager", "typo"])).toEqual([]);
});

test("a rule that is off escalates to nobody", () => {
  expect(
    warned(
      [],
      rules.map((rule) => ({ ...rule, off: "not wanted" })),
    ),
  ).toEqual([]);
});
