import { expect, test } from "vitest";
import { redisOptions } from "./options.ts";
import { redactUrl } from "./redis-address.ts";
import { connectRedis } from "./redis-connection.ts";

test.each([
  ["redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"],
  ["redis://:secret@host:6379", "redis://:***@host:6379"],
  ["rediss://user:se:cr@t@host/1?family=6", "rediss://user:***@host/1?family=6"],
  ["redis://host?password=secret&db=1", "redis://host?password=***&db=1"],
  ["host:6379", "host:6379"],
])("%s is logged as %s", (url, shown) => {
  expect(redactUrl(url)).toBe(shown);
});

test.each([
  "",
  "localhost:6379",
  "http://localhost",
  "redis://",
  "://:secret@",
  "redis://host/name",
  "redis://host/-1",
  "redis://host/1/2",
  "redis://host?db=name",
  "redis://host?family=6&db=",
])("%j is refused", (url) => {
  expect(() => connectRedis(url)).toThrow(/is not a Redis URL/);
});

test.each([
  "redis://host",
  "redis://host:6379/",
  "rediss://u:se%2Fcr@host/15",
  "redis://[::1]?family=6&db=1",
])("%j may be configured", (url) => {
  expect(redisOptions.options.redis.pattern.test(url)).toBe(true);
});

test.each(["redis://host/name", "redis:///name", "redis://host?db=name"])(
  "%j may not be configured",
  (url) => {
    expect(redisOptions.options.redis.pattern.test(url)).toBe(false);
  },
);

test("a refused URL is shown without its password", () => {
  expect(() => connectRedis("http://user:secret@host")).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining("secret"), code: "redis_url" }),
  );
});
