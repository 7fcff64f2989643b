import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { expect, onTestFinished, test } from "vitest";
import { AggregatorProcess } from "../aggregator/process.ts";
import { liveLoad } from "../load/loads.ts";
import { headersOf } from "../sender.ts";

test("a disk that does not answer: 503 with the reason, recovery, and an end all the same", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipstream-hung-"));
  const hangs = join(folder, "hangs");
  const aggregator = new AggregatorProcess({
    data: join(folder, "data"),
    // In its threads too, which flags do not reach if it runs from source.
    env: { HANGS_WHILE: hangs, NODE_OPTIONS: `--import=${import.meta.resolve("./testing/hang.preload.ts")}` },
  });
  onTestFinished(async () => {
    rmSync(hangs, { force: true });
    await aggregator.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const url = await aggregator.ready;
  const load = liveLoad(1, 10);
  let sent = 0;
  const post = async () => {
    const batch = load.batch(sent++);
    const request = {
      method: "POST",
      headers: headersOf(batch),
      body: batch.body as Uint8Array<ArrayBuffer>,
    };
    const response = await fetch(`${url}/v1/${batch.kind}`, request);
    return { status: response.status, text: await response.text() };
  };
  const log = async () =>
    ((await (await fetch(`${url}/readyz`)).json()) as { log: { ok: boolean; reason?: string } }).log;
  const reason = expect.stringMatching(/disk has not answered for 10 s/);
  expect((await post()).status).toBe(200);

  writeFileSync(hangs, "");
  const waiting = post();
  await eventually("it says so", async () => !(await log()).ok, 40_000);
  expect(await log()).toMatchObject({ reason });
  expect(await post()).toMatchObject({ status: 503, text: reason });
  rmSync(hangs);
  expect((await waiting).status).toBe(200);
  await eventually("it is well", async () => (await log()).ok);
  expect((await post()).status).toBe(200);

  writeFileSync(hangs, "");
  const unanswered = post().catch(() => undefined);
  await eventually("it says so again", async () => !(await log()).ok, 40_000);
  const startMs = performance.now();
  aggregator.signal("SIGTERM");
  expect(await aggregator.ended).toMatchObject({ signal: "SIGKILL" });
  // 10 s on a machine that does nothing else.
  expect(performance.now() - startMs).toBeLessThan(30_000);
  await eventually("it said why", () => aggregator.output.includes("a disk that does not answer"));
  expect(await unanswered).not.toMatchObject({ status: 200 });
});
