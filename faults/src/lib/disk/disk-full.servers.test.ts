import { eventually } from "@slipstream/testing/eventually";
import { expect, onTestFinished, test } from "vitest";
import { readServed } from "../aggregator/read.ts";
import type { Supervisor } from "../crash/supervisor.ts";
import { verify } from "../crash/verify.ts";
import { Gate } from "../gate.ts";
import type { Load } from "../load/load.ts";
import { backlogLoad } from "../load/loads.ts";
import { headersOf, Sender } from "../sender.ts";
import { supervised } from "../testing/supervised.ts";
import { type Disk, limitedDisk, tmpfsDisk } from "./disks.ts";

interface Ready {
  readonly status: number;
  readonly log: { readonly ok: boolean; readonly reason?: string };
}

async function readiness(url: string): Promise<Ready> {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, ...((await response.json()) as { log: Ready["log"] }) };
}

interface Scene {
  readonly disk: Disk;
  readonly supervisor: Supervisor;
  readonly load: Load;
  readonly sender: Sender;
  readonly gate: Gate;
  readonly sending: Promise<void>;
}

/** Checkpoints and new segments of the log come often, so that the disk fails them, too. */
const often = { SLIPSTREAM_CHECKPOINT_ITEMS: "50", SLIPSTREAM_LOG_SEGMENT_BYTES: "65536" };

/** An aggregator under load whose disk has just become full. Nothing is left under way. */
async function fullDisk(disk: Disk, seed: number): Promise<Scene> {
  // Registered first, so that it comes last: the aggregator has ended by then.
  onTestFinished(() => disk.close());
  const supervisor = supervised(disk.data, often);
  const load = backlogLoad(seed, 160);
  const gate = new Gate();
  const url = async (): Promise<string> => {
    await gate.pass();
    return supervisor.url();
  };
  const sender = new Sender({ load, url });
  const sending = sender.run();
  await sender.reached(60);
  disk.fill(supervisor.pid);
  const { log } = await eventually("the aggregator says that it takes nothing", async () => {
    const ready = await readiness(await supervisor.url());
    return ready.status === 503 && ready;
  });
  gate.close();
  expect(log).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/cannot be written: .*(disk full|file too large)/),
  });
  return { disk, supervisor, load, sender, gate, sending };
}

/** Sends what is left and compares everything. */
async function finish({ disk, supervisor, load, gate, sending }: Scene): Promise<void> {
  gate.open();
  await sending;
  const served = await readServed(await supervisor.url());
  await supervisor.end("SIGTERM");
  expect(await verify({ data: disk.data, sent: load.made, served, backlog: true })).toEqual([]);
}

const kinds = [
  ["a full file system", tmpfsDisk],
  ["a limit on file sizes", limitedDisk],
] as const;

test.for(kinds)("%s: 503 with the reason, recovery by itself, nothing lost", async ([, make], { skip }) => {
  const disk = make();
  if (disk === undefined) return skip("this user may not set it up");
  const scene = await fullDisk(disk, 21);
  const url = await scene.supervisor.url();
  const batch = scene.load.batch(0);
  const refused = await fetch(`${url}/v1/${batch.kind}`, {
    method: "POST",
    headers: headersOf({ ...batch, format: "json", gzip: false }),
    body: JSON.stringify({ resourceSpans: [] }),
  });
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await refused.text()).toMatch(/cannot be written/);
  for (const path of ["/healthz", "/metrics", "/api/current"]) {
    expect((await fetch(url + path)).status, path).toBe(200);
  }
  disk.free(scene.supervisor.pid);
  await eventually("it takes data again, with no request to try it by", async () => {
    const { status, log } = await readiness(url);
    return status === 200 && log.ok;
  });
  await finish(scene);
});

test.for(kinds)("%s, and killed while it is so: nothing lost", async ([, make], { skip }) => {
  const disk = make();
  if (disk === undefined) return skip("this user may not set it up");
  const scene = await fullDisk(disk, 22);
  await scene.supervisor.end("SIGKILL");
  disk.free();
  scene.supervisor.start();
  await finish(scene);
});
