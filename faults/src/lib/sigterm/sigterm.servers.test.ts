import { connect } from "node:net";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { expect, test } from "vitest";
import { readServed } from "../aggregator/read.ts";
import { verify } from "../crash/verify.ts";
import { liveLoad } from "../load/loads.ts";
import { Sender } from "../sender.ts";
import { supervised } from "../testing/supervised.ts";
import { sendHalf } from "./half-sent.ts";

/** Requests that the aggregator has half of when it is told to end. */
const HALF_SENT = 12;

/** Whether nothing listens there any more. */
function refuses(url: string): Promise<boolean> {
  const { port, hostname } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once("connect", () => resolve(false)).once("error", () => resolve(true));
    socket.once("connect", () => socket.destroy());
  });
}

test("SIGTERM under load: what is in flight is answered and kept, the exit code is 0", async () => {
  const data = join(testFolder(), "data");
  const supervisor = supervised(data);
  const load = liveLoad(4, 400);
  const sender = new Sender({ load, url: () => supervisor.url() });
  const sending = sender.run();
  await sender.reached(100);

  const url = await supervisor.url();
  const more = liveLoad(5, HALF_SENT, { prefix: "in-flight-" });
  const batches = Array.from({ length: HALF_SENT }, (_, index) => more.batch(index));
  const halfSent = await Promise.all(batches.map((batch) => sendHalf(url, batch)));
  const beganMs = performance.now();
  const ending = supervisor.end("SIGTERM");
  await eventually("nothing new is taken", () => refuses(url));
  const statuses = await Promise.all(halfSent.map((half) => half.finish()));
  await ending;
  const tookMs = Math.round(performance.now() - beganMs);
  console.log(`SIGTERM under load: exit code 0 after ${tookMs} ms, ${HALF_SENT} requests in flight answered`);
  expect(statuses).toEqual(batches.map(() => 200));
  expect(tookMs).toBeLessThan(30_000);

  supervisor.start();
  await sending;
  const served = await readServed(await supervisor.url());
  await supervisor.end("SIGTERM");
  expect(await verify({ data, sent: [...load.made, ...batches], served, backlog: false })).toEqual([]);
});

test("a client that never finishes its request does not hold up the end", async () => {
  const supervisor = supervised(join(testFolder(), "data"));
  const url = await supervisor.url();
  await sendHalf(url, liveLoad(6, 5).batch(0));
  const beganMs = performance.now();
  await supervisor.end("SIGTERM");
  const tookMs = Math.round(performance.now() - beganMs);
  console.log(`SIGTERM with a request that never ends: exit code 0 after ${tookMs} ms`);
  expect(tookMs).toBeLessThan(30_000);
});
