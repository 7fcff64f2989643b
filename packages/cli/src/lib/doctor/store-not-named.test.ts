import { expect, test } from "vitest";
import { storeNotNamed } from "./store-not-named.ts";

const redis = { check: "Redis", option: "--redis (REDIS_URL)", holds: "the dashboards" } as const;

test("a store that is not named here may be the aggregator's all the same", () => {
  expect(storeNotNamed(redis, true).text).toBe(
    "the aggregator writes to it; it was not looked at from here: --redis (REDIS_URL) names it",
  );
  expect(storeNotNamed(redis, false).text).toBe("not configured; the embedded store holds the dashboards");
});
