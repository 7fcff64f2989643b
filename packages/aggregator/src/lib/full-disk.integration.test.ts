import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { freePort } from "slipstream-stack/free-port";
import { expect, onTestFinished, test } from "vitest";
import { createAggregator } from "./aggregator.ts";
import { makeDirectory, removeDirectory } from "./log/testing/folder.ts";

/** A file system of this size that another program's file fills; undefined if this user may mount none. */
function fullDisk(size: string): { folder: string; free(): void } | undefined {
  const folder = makeDirectory();
  if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "none", folder]).status !== 0) {
    removeDirectory(folder);
    return undefined;
  }
  onTestFinished(() => {
    execFileSync("umount", [folder]);
    removeDirectory(folder);
  });
  const ballast = join(folder, "ballast");
  writeFileSync(ballast, "");
  for (const block of [1_048_576, 4_096]) {
    const { bavail, bsize } = statfsSync(folder);
    appendFileSync(ballast, new Uint8Array(Math.floor((bavail * bsize) / block) * block));
  }
  return { folder, free: () => rmSync(ballast) };
}

const post = (url: string, path: string, body: string) =>
  fetch(`${url}${path}`, { method: "POST", headers: { "content-type": "application/json" }, body });

test.each(["64m", "8m"])(
  "a start on a full disk of %s: 503 with the reason, and it begins by itself when there is room",
  async (size) => {
    const disk = fullDisk(size);
    if (disk === undefined) return expect(process.getuid?.()).not.toBe(0);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const lines: string[] = [];
    const note = (_: object, message: string): void => void lines.push(message);
    const starting = createAggregator({
      dataDir: join(disk.folder, "data"),
      port,
      logger: { info() {}, warn: note, error: note },
    });
    const ready = async () => (await fetch(`${url}/readyz`)).status;
    await eventually("it answers 503", async () => (await ready()) === 503);
    const { reason } = (await (await fetch(`${url}/readyz`)).json()) as { reason: string };
    expect(reason).toMatch(/^The disk of the data folder is full: .*data/);
    const refused = await post(url, "/v1/traces", `{"resourceSpans":[]}`);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, expect.any(String)]);
    expect((await fetch(`${url}/api/current`)).status).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    disk.free();
    const aggregator = await starting;
    onTestFinished(() => aggregator.close());
    expect(await ready()).toBe(200);
    expect((await post(url, "/v1/traces", `{"resourceSpans":[]}`)).status).toBe(200);
    expect(lines).toEqual([expect.stringContaining("starting when there is room")]);
  },
);

test("a signal ends the waiting", async () => {
  const disk = fullDisk("64m");
  if (disk === undefined) return expect(process.getuid?.()).not.toBe(0);
  const port = await freePort();
  const ending = new AbortController();
  const starting = createAggregator({ dataDir: join(disk.folder, "data"), port, signal: ending.signal });
  const ended = expect(starting).rejects.toThrow("enough");
  await eventually("it answers", () => fetch(`http://127.0.0.1:${port}/healthz`));
  ending.abort(new Error("enough"));
  await ended;
});

test("a folder where no file can be made ends the start, and is not taken for a full disk", async () => {
  const starting = createAggregator({ dataDir: "/proc/slipstream", port: 0 });
  await expect(starting).rejects.toMatchObject({ code: "data_unusable" });
});
