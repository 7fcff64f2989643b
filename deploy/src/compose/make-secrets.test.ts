import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import { describe, expect, it } from "vitest";
import { inRepository } from "../testing/repository.ts";

const VOLUMES = ["token", "redis", "questdb", "questdb-reader", "grafana"];

function volumes(): string {
  const folder = testFolder();
  for (const volume of VOLUMES) mkdirSync(join(folder, volume));
  return folder;
}

function makeSecrets(...args: readonly string[]) {
  return spawnSync(process.execPath, [inRepository("deploy/make-secrets.mjs"), ...args], {
    encoding: "utf8",
  });
}

/** Content by path. */
function contents(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    paths.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1), readFileSync(path, "utf8")];
    }),
  );
}

describe("make-secrets.mjs", () => {
  it("makes a different secret for each part, for owner and group only, and prints those that people need", () => {
    const folder = volumes();
    const { status, stdout } = makeSecrets(folder);
    const made = contents(folder);
    expect(status).toBe(0);
    expect(Object.keys(made).sort()).toEqual([
      "grafana/admin-password",
      "questdb-reader/password",
      "questdb/password",
      "redis/password",
      "redis/redis.conf",
      "token/aggregator-token",
    ]);
    const { "redis/redis.conf": redisConf, ...secrets } = made;
    expect(redisConf).toBe(`requirepass ${secrets["redis/password"]}\n`);
    expect(new Set(Object.values(secrets)).size).toBe(5);
    for (const secret of Object.values(secrets)) expect(secret).toMatch(/^[0-9a-f]{48}$/);
    for (const path of Object.keys(made)) expect(statSync(join(folder, path)).mode & 0o137).toBe(0);
    expect(stdout).toContain(secrets["grafana/admin-password"]);
    expect(stdout).toContain(secrets["token/aggregator-token"]);
    expect(stdout).not.toContain(secrets["redis/password"]);
  });

  it("keeps what is there, and prints it again", () => {
    const folder = volumes();
    const first = makeSecrets(folder);
    const made = contents(folder);
    const second = makeSecrets(folder);
    expect(contents(folder)).toEqual(made);
    expect(second.stdout).toBe(first.stdout);
  });

  it("makes what is missing or was not finished", () => {
    const folder = volumes();
    makeSecrets(folder);
    const made = contents(folder);
    rmSync(join(folder, "questdb/password"));
    writeFileSync(join(folder, "grafana/admin-password"), "");
    makeSecrets(folder);
    const { "questdb/password": questdb, "grafana/admin-password": grafana, ...rest } = contents(folder);
    expect(questdb).toMatch(/^[0-9a-f]{48}$/);
    expect(grafana).toMatch(/^[0-9a-f]{48}$/);
    expect(made).toMatchObject(rest);
  });

  it("says what is wrong if a volume is not there", () => {
    const { status, stderr } = makeSecrets(testFolder());
    expect(status).toBe(1);
    expect(stderr).toContain("The secrets cannot be made: ENOENT");
    expect(makeSecrets().status).toBe(2);
  });
});
