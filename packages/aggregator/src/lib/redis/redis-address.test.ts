import { expect, test } from "vitest";
import { assertRedisTarget, redactUrl, redisAddress } from "./redis-address.ts";

test("Sentinels, their master, a database and both logins", () => {
  const url = "rediss+sentinel://u:p%40ss@a,[::1]:1/my%20master/3?sentinelUsername=s&sentinelPassword=t";
  expect(redisAddress(url)).toEqual({
    kind: "sentinel",
    tls: true,
    username: "u",
    password: "p@ss",
    hosts: [
      { host: "a", port: 26_379 },
      { host: "::1", port: 1 },
    ],
    master: "my master",
    database: 3,
    sentinelUsername: "s",
    sentinelPassword: "t",
  });
  expect(redactUrl(url)).not.toMatch(/p%40ss|=t$/);
});

test("the scheme may be in capitals: the Sentinels' port is the same", () => {
  expect(redisAddress("REDIS+SENTINEL://a/name")).toEqual(redisAddress("redis+sentinel://a/name"));
});

test("nodes of a Cluster", () => {
  expect(redisAddress("redis+cluster://:a,b@one:7000,two")).toEqual({
    kind: "cluster",
    tls: false,
    password: "a,b",
    hosts: [
      { host: "one", port: 7_000 },
      { host: "two", port: 6_379 },
    ],
  });
});

test.each([
  "redis://a:1,b:2",
  "redis+sentinel://a:1,b:2",
  "redis+sentinel://a:1/name/text",
  "redis+cluster://a:1/2",
  "redis+cluster://",
  "redis-sentinel://a:1/name",
  "redis+cluster://a:1,,b:1",
])("%s is refused in one line that names what may be written", (url) => {
  expect(() => redisAddress(url)).toThrow(
    /^"\S+" is not a Redis URL\..*redis\+sentinel:.*redis\+cluster:[^\n]*$/,
  );
});

test.each([undefined, "desk:", "{}:", "a{"])("a Cluster with the prefix %j", (prefix) => {
  expect(() => assertRedisTarget("redis+cluster://a", prefix)).toThrow(/hash tag/);
  expect(() => assertRedisTarget("redis://a", prefix)).not.toThrow();
  expect(() =>
    assertRedisTarget("redis+cluster://a", `${prefix ?? ""}{desk}:`.replace("{}", "")),
  ).not.toThrow();
});
