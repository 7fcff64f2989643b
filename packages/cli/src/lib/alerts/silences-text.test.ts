import { parseMatchers } from "@slipstream/alerts/matchers";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { SilenceAnswer } from "../client/alerts-schema.ts";
import { matchersText, silencedText, silencesText } from "./silences-text.ts";

const silence: SilenceAnswer = {
  id: "5f0c",
  matchers: [
    { label: "sink", operator: "=", value: "redis" },
    { label: "service", operator: "=~", value: "desk-.*" },
  ],
  since: "2026-01-02T03:00:00.000Z",
  until: "2026-01-02T05:00:00.000Z",
  by: "ann",
  comment: "moving it",
};

it("silences are listed with what they match and when they end", () => {
  const nowMs = Date.parse("2026-01-02T03:20:00Z");
  expect(silencesText([silence], nowMs).split("\n")[1]).toMatch(
    /^5f0c +sink=redis,service=~desk-\.\* +1 h 40 min +ann +moving it$/,
  );
  expect(silencesText([], nowMs)).toBe("no silences");
  expect(silencedText(silence)).toContain("slipstream silence expire 5f0c");
});

it("what is printed of matchers is read as the same matchers", () => {
  const matcher = fc.record({
    label: fc.stringMatching(/^[a-z_][a-z0-9_]{0,10}$/),
    operator: fc.constantFrom("=", "!="),
    value: fc.string({ maxLength: 20 }),
  });
  fc.assert(
    fc.property(fc.array(matcher, { minLength: 1, maxLength: 5 }), (matchers) => {
      expect(parseMatchers(matchersText({ matchers }))).toEqual(matchers);
    }),
  );
});
