import { expect, test } from "vitest";
import { dashboards } from "./dashboards.ts";
import { checkTypes } from "./testing/check-types.ts";

/** As it is in the file: JSON has no undefined. */
const all = dashboards().map((dashboard) => structuredClone(JSON.parse(JSON.stringify(dashboard))));

test.each(all)("$title has the types that Grafana publishes", (dashboard) => {
  expect(checkTypes(dashboard)).toBe("");
});

test("a word that Grafana does not know is found, and so is a field", () => {
  const [first] = all;
  const wrong = { ...first, graphTooltip: 7, colour: "red" };
  expect(checkTypes(wrong)).toMatch(/error TS/);
});
