import { expect, it } from "vitest";
import { Changes } from "./changes.ts";
import type { Finding } from "./check.ts";

const ok = (check: string, text = "fine"): Finding => ({ check, outcome: "ok", text });
const bad = (check: string, text: string): Finding => ({ check, outcome: "bad", text });

it("tells all at first, then what changes, and not numbers that differ each time", () => {
  const changes = new Changes();
  const all = [ok("Redis"), bad("Canary", "did not come within 15 s")];
  expect(changes.of(all)).toEqual(all);
  expect(changes.of(all)).toEqual([]);
  expect(changes.of([ok("Redis", "other"), bad("Canary", "did not come within 16.5 s")])).toEqual([]);
  expect(changes.of([bad("Redis", "away"), bad("Canary", "did not come within 15 s")])).toEqual([
    bad("Redis", "away"),
  ]);
  expect(changes.of([ok("Redis"), bad("Canary", "refused")])).toMatchObject([
    { check: "Redis", outcome: "ok" },
    bad("Canary", "refused"),
  ]);
});

it("tells that what was wrong is looked at no longer, or is right", () => {
  const changes = new Changes();
  changes.of([bad("Services", "refused"), ok("Node")]);
  expect(changes.of([ok("Node")])).toMatchObject([{ check: "Services", outcome: "ok" }]);
  expect(changes.of([ok("Node")])).toEqual([]);
});
