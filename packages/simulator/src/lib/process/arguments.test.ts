import { expect, test } from "vitest";
import { fromArguments, toArguments } from "./arguments.ts";

test("options survive the command line", () => {
  const options = {
    endpoint: "http://127.0.0.1:9480",
    seed: 7,
    rate: 2.5,
    attackRate: 0.3,
    weather: "calm:60,storm",
    durationSeconds: 30,
    groundTruthFile: "truth with spaces.ndjson",
    serviceName: "desk-a",
    desk: "a",
  };
  expect(fromArguments(toArguments(options))).toEqual(options);
  expect(fromArguments([])).toEqual({});
  expect(() => fromArguments(["--unknown=1"])).toThrow("--unknown");
  expect(() => fromArguments(["--rate="])).toThrow("--rate: must be a number");
});
