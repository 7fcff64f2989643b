import { DatabaseSync } from "node:sqlite";
import { recordOf, rowOfDesk } from "@slipstream/engine/storage";
import { beforeEach, expect, test } from "vitest";
import { EmbeddedHistory } from "./embedded-history.ts";
import type { FinalVerdicts } from "./final-verdicts.ts";
import { tradeRow, verdictRow } from "./testing/rows.ts";

let database: DatabaseSync;
let history: EmbeddedHistory;

beforeEach(() => {
  database = new DatabaseSync(":memory:");
  history = open();
});

function open(): EmbeddedHistory {
  return new EmbeddedHistory(database, { retention: { maxRows: 2 } });
}

const ids = (verdicts: FinalVerdicts, limit = 10): unknown[] =>
  verdicts.next(limit).rows.map((row) => recordOf(row).trade_id);

test("a sink that is new begins with the next verdict, and goes on from its position after a restart", () => {
  history.write([verdictRow(1), verdictRow(2)]);
  const verdicts = history.finalVerdictsFor("traces");
  expect([verdicts.waiting, ids(verdicts)]).toEqual([0, []]);
  history.write([verdictRow(3), verdictRow(4)]);
  expect([verdicts.waiting, ids(verdicts)]).toEqual([2, ["t3", "t4"]]);
  verdicts.moveTo(verdicts.next(1).change);
  history.write([verdictRow(5)]);
  expect([verdicts.waiting, ids(verdicts)]).toEqual([2, ["t4", "t5"]]);
  const again = open().finalVerdictsFor("traces");
  expect([again.waiting, ids(again)]).toEqual([2, ["t4", "t5"]]);
});

test("provisional verdicts and other rows are passed over; what is written again unchanged is given once", () => {
  const verdicts = history.finalVerdictsFor("traces");
  history.write([verdictRow(1, { state: "provisional" }), tradeRow(2), verdictRow(3)]);
  expect([verdicts.waiting, ids(verdicts)]).toEqual([1, ["t3"]]);
  verdicts.moveTo(verdicts.next(10).change);
  // As after a restart from an older checkpoint.
  history.write([verdictRow(3), verdictRow(1)]);
  expect([verdicts.waiting, ids(verdicts)]).toEqual([1, ["t1"]]);
});

test("verdicts of all desks come in the order in which they became final", () => {
  const verdicts = history.finalVerdictsFor("traces");
  history.write([
    verdictRow(1),
    rowOfDesk(verdictRow(2), "beta"),
    verdictRow(3),
    rowOfDesk(verdictRow(4), "beta"),
  ]);
  expect(ids(verdicts)).toEqual(["t1", "t2", "t3", "t4"]);
  expect(ids(verdicts, 3)).toEqual(["t1", "t2", "t3"]);
  expect(verdicts.lagMs).toBe(3_000);
  verdicts.moveTo(verdicts.next(3).change);
  expect([verdicts.waiting, verdicts.lagMs]).toEqual([1, 0]);
});

test("those that are deleted before the sink had them count as dropped", () => {
  const verdicts = history.finalVerdictsFor("traces");
  history.write([verdictRow(1), verdictRow(2)]);
  verdicts.moveTo(verdicts.next(1).change);
  expect(verdicts.waiting).toBe(1);
  history.write([verdictRow(3), verdictRow(4)]);
  history.prune();
  expect([verdicts.dropped, verdicts.waiting, ids(verdicts)]).toEqual([1, 2, ["t3", "t4"]]);
});
