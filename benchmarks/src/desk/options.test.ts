import { expect, test } from "vitest";
import { parseOptions } from "./options.ts";

test("both settings by default, or the one that is named", () => {
  expect(parseOptions([])).toMatchObject({ settings: ["no sinks", "all sinks"], tradesPerSecond: 100 });
  expect(parseOptions(["--only", "none"])).toMatchObject({ settings: ["no sinks"] });
  expect(parseOptions(["--only", "all", "--quick"])).toMatchObject({ settings: ["all sinks"], quick: true });
  expect(() => parseOptions(["--only", "some"])).toThrow(/--only: "some"/);
});

test("--quick is shorter, and what is named counts in any case", () => {
  expect(parseOptions(["--quick"])).toMatchObject({ settleSeconds: 3, rounds: 3, seconds: 2 });
  expect(parseOptions(["--quick", "--rounds", "5", "--settle", "9"])).toMatchObject({
    settleSeconds: 9,
    rounds: 5,
    seconds: 2,
  });
  expect(() => parseOptions(["--rounds", "0"])).toThrow(/--rounds: "0"/);
  expect(parseOptions(["--help"])).toBe("help");
});

test("any number of checkouts to compare with", () => {
  expect(parseOptions(["--against", "../a", "--against", "../b"])).toMatchObject({
    against: ["../a", "../b"],
  });
});
