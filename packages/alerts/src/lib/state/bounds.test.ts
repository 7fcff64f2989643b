import { describe, expect, it } from "vitest";
import { MOST_ALERTS, MOST_MORE_CRITICAL } from "./active-alerts.ts";
import type { Reading } from "./reading.ts";
import { reading, rule } from "./testing/rules.ts";
import { Run } from "./testing/run.ts";

function series(value: number, from: number, to: number): readonly Reading[] {
  return Array.from({ length: to - from }, (_, i) =>
    reading(value, { labels: { pair: `p${String(from + i).padStart(6, "0")}` } }),
  );
}

describe("bounds", () => {
  it("keeps so many alerts, counts the rest, and takes them up when there is room", () => {
    const run = new Run(rule("slow"));
    const all = series(101, 0, MOST_ALERTS + 500);
    const fired = run.at(0, { slow: all.toReversed() });
    expect(fired).toHaveLength(MOST_ALERTS);
    expect(fired.at(-1)?.labels).toEqual({ pair: "p001999" });
    expect(run.book.view()).toHaveLength(MOST_ALERTS);
    expect(run.book.ruleViews()).toMatchObject([{ firing: MOST_ALERTS, beyond: 500 }]);
    const resolved = run.at(1, { slow: [...series(1, 0, 100), ...all.slice(100)] });
    expect(resolved.map(({ kind }) => kind)).toEqual(Array.from({ length: 100 }, () => "resolved"));
    expect(run.at(2, { slow: [...series(1, 0, 100), ...all.slice(100)] })).toHaveLength(100);
    expect(run.book.ruleViews()).toMatchObject([{ firing: MOST_ALERTS, beyond: 400 }]);
  });

  it("keeps room for critical alerts, and takes them first", () => {
    const run = new Run(rule("slow"), rule("stuck", { severity: "critical" }));
    run.at(0, { slow: series(101, 0, 5000) });
    expect(run.at(1, { stuck: series(101, 0, 1000) })).toHaveLength(MOST_MORE_CRITICAL);
    const together = new Run(rule("slow"), rule("stuck", { severity: "critical" }));
    const fired = together.at(0, { slow: series(101, 0, 5000), stuck: series(101, 0, 50) });
    expect(fired.filter(({ rule: id }) => id === "stuck")).toHaveLength(50);
    expect(fired).toHaveLength(MOST_ALERTS);
  });

  it("holds no more however many series come and go, and never gives a key twice", () => {
    const run = new Run(rule("slow"), rule("day", { when: "daily_summary" }));
    const keys: Set<string> = new Set();
    let count = 0;
    let largest = 0;
    for (let round = 0; round < 20; round += 1) {
      const from = (round % 8) * 1000;
      const told = [
        ...run.at(round * 10, { slow: series(101, from, from + 1500) }),
        ...run.at(round * 10 + 5, { slow: series(1, from, from + 1500) }),
      ];
      for (const { key } of told) keys.add(key);
      count += told.length;
      const saved = JSON.stringify(run.book.save()).length;
      if (round < 8) largest = Math.max(largest, saved);
      else expect(saved).toBeLessThan(largest * 1.05);
    }
    expect(count).toBe(20 * 2 * 1500);
    expect(keys.size).toBe(count);
  });
});
