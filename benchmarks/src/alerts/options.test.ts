import { expect, test } from "vitest";
import { parseOptions } from "./options.ts";

test("some hundred alerts beside Prometheus; quick ones without it", () => {
  expect(parseOptions([])).toEqual({ json: false, quick: false, alerts: 300, prometheusAlerts: 100 });
  expect(parseOptions(["--quick"])).toMatchObject({ alerts: 40, prometheusAlerts: 0 });
  expect(parseOptions(["--quick", "--alerts", "7"])).toMatchObject({ alerts: 7, prometheusAlerts: 0 });
  expect(() => parseOptions(["--alerts", "0"])).toThrow(/--alerts: "0"/);
  expect(parseOptions(["--help"])).toBe("help");
});
