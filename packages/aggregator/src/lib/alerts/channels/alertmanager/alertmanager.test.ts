import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { expect, onTestFinished, test } from "vitest";
import { channelOf, scriptedServer, type TestedChannel } from "../../testing/channel-test.ts";
import type { ScriptedServer } from "../../testing/scripted-server.ts";
import { messageOf, nodeLatency } from "../../testing/transitions.ts";
import { channelsProblems } from "../check-channels.ts";

async function started(more: object = {}): Promise<TestedChannel & { readonly server: ScriptedServer }> {
  const server = await scriptedServer();
  const settings = {
    type: "alertmanager",
    urls: [`${server.url}/prefix/`],
    resendSeconds: 0.05,
    ...more,
  } as const;
  const tested = await channelOf(settings);
  onTestFinished(() => tested.channel.close?.());
  return { server, ...tested };
}

const resolved = { ...nodeLatency, kind: "resolved" } as const;
const tell = (channel: TestedChannel["channel"], transition: typeof nodeLatency): Promise<unknown> =>
  channel.send(messageOf([transition]), AbortSignal.timeout(20_000));

test("posts to the API below the address, with a login", async () => {
  const { server, send } = await started({ username: "desk", password: "hunter2" });
  expect(await send()).toEqual({ outcome: "delivered" });
  expect(server.requests[0]).toMatchObject({
    path: "/prefix/api/v2/alerts",
    headers: { authorization: `Basic ${Buffer.from("desk:hunter2").toString("base64")}` },
    body: [{ labels: { alertname: "node-latency" } }],
  });
});

test("shows no login, not even as it is sent", async () => {
  const { server, send } = await started({ username: "desk", password: "hunter2" });
  server.answer({ status: 400, body: `no login: Basic ${Buffer.from("desk:hunter2").toString("base64")}` });
  expect(await send()).toEqual({ outcome: "refused", reason: "it answered 400: no login: Basic ***" });
});

test("what was not taken is not told again, for it may never be sent again", async () => {
  const { server, channel, send } = await started();
  server.answer({ status: 500 });
  expect(await send()).toMatchObject({ outcome: "failed" });
  server.answer({ status: 200 });
  await tell(channel, { ...nodeLatency, alert: "other", rule: "other" });
  const after = await eventually(
    "it is told again",
    () => server.requests.length >= 4 && server.requests.slice(2),
  );
  expect(JSON.stringify(after)).not.toContain('"node-latency"');
});

test("an end is told again even if it was not taken at first", async () => {
  const { server, channel, send } = await started();
  await send();
  server.answer({ status: 500 }, { status: 200 });
  expect(await tell(channel, resolved)).toMatchObject({ outcome: "failed" });
  const [, , again] = await eventually(
    "it is told again",
    () => server.requests.length >= 3 && server.requests,
  );
  expect(again?.body).toMatchObject([{ endsAt: new Date(nodeLatency.atMs).toISOString() }]);
});

test("says once that what fires cannot be told again, and once that it can", async () => {
  const { server, send, lines } = await started();
  await send();
  server.answer({ status: 503 }, { status: 503 }, { status: 200 });
  await eventually("it is told again", () => lines.some(({ level }) => level === "info"));
  expect(lines).toMatchObject([
    { level: "warn", details: { channel: "ops", reason: "it answered 503" } },
    { level: "info", details: { channel: "ops" } },
  ]);
});

test("goes on telling after its secret could not be read: its file was being replaced", async () => {
  const tokenFile = join(testFolder(), "token");
  writeFileSync(tokenFile, "first");
  const { server, send, lines } = await started({ tokenFile });
  await send();
  rmSync(tokenFile);
  await eventually("it cannot be told again", () => lines.some(({ level }) => level === "warn"));
  writeFileSync(tokenFile, "second");
  await eventually("it is told again", () => lines.some(({ level }) => level === "info"));
  expect(server.requests.at(-1)).toMatchObject({
    headers: { authorization: "Bearer second" },
    body: [{ labels: { alertname: "node-latency" } }],
  });
});

test("an acknowledgement tells it nothing, for it has no such thing", async () => {
  const { server, channel } = await started();
  const acknowledged = { ...nodeLatency, kind: "acknowledged" } as const;
  expect(await tell(channel, acknowledged)).toEqual({ outcome: "delivered" });
  expect(server.requests).toEqual([]);
});

test("what happened once is shown for some minutes, and not told again", async () => {
  const { server, channel } = await started();
  await tell(channel, { ...nodeLatency, kind: "happened", alert: "daily-summary" });
  await tell(channel, nodeLatency);
  await eventually("it is told again", () => server.requests.length >= 3);
  const [first, , again] = server.requests;
  const ends = /"endsAt":"([^"]+)"/.exec(JSON.stringify(first?.body))?.[1] ?? "";
  expect(Date.parse(ends)).toBeGreaterThan(Date.now() + 4 * 60_000);
  expect(again?.body).toHaveLength(1);
});

test.each([
  [{}, "urls"],
  [{ urls: ["alertmanager:9093"] }, "urls"],
  [{ urls: ["http://user:secret@alertmanager:9093"] }, "urls"],
  [{ urls: ["http://alertmanager:9093"], username: "desk" }, ""],
  [{ urls: ["http://alertmanager:9093"], username: "desk", password: "x", token: "y" }, ""],
])("settings of %j are refused", (settings, place) => {
  const problems = channelsProblems({ am: { type: "alertmanager", ...settings } });
  expect(problems.map((problem) => problem.place)).toEqual([place === "" ? "am" : `am.${place}`]);
  expect(JSON.stringify(problems)).not.toContain("secret@");
});
