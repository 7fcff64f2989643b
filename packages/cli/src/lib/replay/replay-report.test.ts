import { BEGINNING, type Replay } from "@slipstream/aggregator";
import { expect, it } from "vitest";
import { busySnapshot } from "../testing/snapshots.ts";
import { replayReport } from "./replay-report.ts";

const { current } = busySnapshot();
const found = (others: Replay["others"]): Replay => ({
  current,
  ownDesk: "",
  others,
  base: BEGINNING,
  position: BEGINNING,
  receivedMs: undefined,
  records: 3,
  missing: 0,
  spans: 30,
  seconds: 0.1,
});

it("says how many records were lost", () => {
  const whole = found(new Map());
  expect(replayReport(whole, 80)).not.toContain("lost");
  expect(replayReport({ ...whole, missing: 2 }, 80)).toMatch(/^the log lacks 2 records, which were lost: /m);
});

it("says whose statistics it shows, if the log holds data of several desks", () => {
  expect(replayReport(found(new Map()), 80)).not.toMatch(/^of .* desks/m);
  const two = found(new Map([["beta", current]]));
  expect(replayReport(two, 80)).toMatch(/^of 2 desks; below is the aggregator's own, /m);
  expect(replayReport(two, 80, "beta")).toMatch(/^of 2 desks; below is "beta", /m);
});
