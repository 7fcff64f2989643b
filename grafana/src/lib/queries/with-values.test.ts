import { expect, test } from "vitest";
import { withValues } from "./with-values.ts";

const values = {
  aggregator: "127.0.0.1:9480",
  from: new Date("2026-03-01T10:00:00Z"),
  to: new Date("2026-03-01T11:00:00Z"),
  rateSeconds: 60,
};

test("fills in variables as Grafana does", () => {
  expect(withValues('sum(rate(up{instance="$aggregator",desk=~"$desk"}[$__rate_interval]))', values)).toBe(
    'sum(rate(up{instance="127.0.0.1:9480",desk=~"()"}[60s]))',
  );
  expect(withValues("increase(up[$__range])", values)).toBe("increase(up[3600s])");
});

test("a desk's name cannot end a text in SQL", () => {
  const text = `desk = \${desk:sqlstring} AND $__timeFilter(timestamp)`;
  expect(withValues(text, { ...values, desk: "o'hara" })).toBe(
    "desk = 'o''hara' AND timestamp BETWEEN '2026-03-01T10:00:00.000Z' AND '2026-03-01T11:00:00.000Z'",
  );
});

test("a variable that nobody knows is an error, not an empty text", () => {
  expect(() => withValues("$unknown", values)).toThrow("unknown");
});
