import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import { expect, it } from "vitest";
import { questdbWithPassword, redisWithPassword } from "./with-password.ts";

it("the password is taken from its file, whatever characters it has", () => {
  const file = join(testFolder(), "password");
  writeFileSync(file, "p;@/%3A:x\n");
  expect(questdbWithPassword("http::addr=q:9000;username=a", file)).toBe(
    "http::addr=q:9000;username=a;password=p;;@/%3A:x;",
  );
  const url = redisWithPassword("redis://user@redis:6379/2", file);
  expect(url).toMatch(/^redis:\/\/user:.*@redis:6379\/2$/);
  expect(decodeURIComponent(new URL(url ?? "").password)).toBe("p;@/%3A:x");
  expect(redisWithPassword("redis://redis:6379", undefined)).toBe("redis://redis:6379");
  expect(questdbWithPassword(undefined, file)).toBeUndefined();
});

it("a file that cannot be read is named", () => {
  expect(() => redisWithPassword("redis://redis", "/dev/null/x")).toThrow(
    /^--redis-password-file: cannot read it: .*null/,
  );
});
