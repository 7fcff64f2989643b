import { expect, test } from "vitest";
import { connectRedis, redactUrl } from "./redis-connection.ts";

test.each([
  ["redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"],
  ["redis://:secret@host:6379", "redis://:***@host:6379"],
  ["rediss://user:se:cr@t@host/1?family=6", "rediss://user:***@host/1?family=6"],
  ["redis://host?password=secret&db=1", "redis://host?password=***&db=1"],
  ["host:6379", "host:6379"],
])("%s is logged as %s", (url, shown) => {
  expect(redactUrl(url)).toBe(shown);
});

test.each(["", "localhost:6379", "http://localhost", "redis://", "://:secret@"])("%j is refused", (url) => {
  expect(() => connectRedis(url)).toThrow(/is no Redis URL/);
});

test("a refused URL is shown without its password", () => {
  expect(() => connectRedis("http://user:secret@host")).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining("secret"), code: "redis_url" }),
  );
});
