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
  spans: 30,
  seconds: 0.1,
});

it("says whose statistics it shows, if the log holds data of several desks", () => {
  expect(replayReport(found(new Map()), 80)).not.toMatch(/^of .* desks/m);
  const two = found(new Map([["beta", current]]));
  expect(replayReport(two, 80)).toMatch(/^of 2 desks; below is the aggregator's own, /m);
  expect(replayReport(two, 80, "beta")).toMatch(/^of 2 desks; below is "beta", /m);
});
