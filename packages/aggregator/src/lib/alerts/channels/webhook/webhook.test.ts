import { readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { listening } from "@slipstream/testing/listening";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { channelOf, deadAddress, scriptedServer } from "../../testing/channel-test.ts";
import { messageOf, nodeLatency } from "../../testing/transitions.ts";

const KEY = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const OTHER = `whsec_${Buffer.alloc(24, 2).toString("base64")}`;

/** A receiver that keeps what it gets as it is. */
async function receiver() {
  const got: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  const server = createServer(async (request, response) => {
    got.push({ headers: request.headers, body: await text(request) });
    response.writeHead(204).end();
  });
  return { url: `http://127.0.0.1:${await listening(server)}/hook`, got };
}

test("posts a notification as JSON, with its key", async () => {
  const { url, got } = await receiver();
  const { send } = await channelOf({ type: "webhook", url, authorization: "Bearer abc" });
  expect(await send()).toEqual({ outcome: "delivered" });
  expect(got).toHaveLength(1);
  expect(got[0]?.headers).toMatchObject({
    "content-type": "application/json",
    authorization: "Bearer abc",
    "idempotency-key": "node-latency/1/1",
    "webhook-id": expect.stringMatching(/^msg_[\w-]{32}$/) as string,
  });
  expect(got[0]?.headers).not.toHaveProperty("webhook-signature");
  expect(JSON.parse(got[0]?.body ?? "")).toMatchObject({
    type: "alert.firing",
    timestamp: "2026-11-29T12:00:00.000Z",
    data: {
      key: "node-latency/1/1",
      alert: "node-latency",
      rule: "node-latency",
      severity: "critical",
      kind: "firing",
      value: 245,
      threshold: 200,
      unit: "ms",
      isTest: false,
      title: "High Node Latency Detected",
      text: expect.stringMatching(/^\[CRITICAL\] High Node Latency Detected\nSolana node P99/) as string,
    },
  });
});

test("what the documentation shows has the fields that are sent", async () => {
  const { url, got } = await receiver();
  const { send } = await channelOf({ type: "webhook", url });
  await send();
  const page = readFileSync(new URL("../../../../../../../docs/alerts.md", import.meta.url), "utf8");
  const shown = JSON.parse(/```json\n(\{\n {2}"type": "alert[^`]*)```/.exec(page)?.[1] ?? "{}");
  const sent = JSON.parse(got[0]?.body ?? "{}");
  expect(Object.keys(shown.data ?? {}).toSorted()).toEqual(Object.keys(sent.data).toSorted());
  expect({ ...shown, data: { ...shown.data, ...sent.data } }).toEqual(sent);
});

test("is signed as the Standard Webhooks are, by both keys during a change", async () => {
  const { url, got } = await receiver();
  const { channel } = await channelOf({ type: "webhook", url, key: KEY, previousKey: OTHER });
  const strange = { ...nodeLatency, text: { ...nodeLatency.text, title: 'é\u2028\ud83d "x" 😀' } };
  await channel.send(messageOf([strange]), AbortSignal.timeout(20_000));
  const { headers, body } = got[0] ?? { headers: {}, body: "" };
  const given = headers as Record<string, string>;
  for (const key of [KEY, OTHER]) expect(new Webhook(key).verify(body, given)).toEqual(JSON.parse(body));
  const stranger = new Webhook(`whsec_${Buffer.alloc(24, 3).toString("base64")}`);
  expect(() => stranger.verify(body, given)).toThrow("signature");
  // Body, id and time are all signed.
  expect(() => new Webhook(KEY).verify(body.replace("245", "244"), given)).toThrow("signature");
  expect(() => new Webhook(KEY).verify(body, { ...given, "webhook-id": "msg_other" })).toThrow("signature");
  const later = String(Number(given["webhook-timestamp"]) + 1);
  expect(() => new Webhook(KEY).verify(body, { ...given, "webhook-timestamp": later })).toThrow("signature");
});

test("has the same id however often it is sent, and another one for another notification", async () => {
  const { url, got } = await receiver();
  const { channel } = await channelOf({ type: "webhook", url, key: KEY });
  const other = { ...nodeLatency, key: "node-latency/1/2", kind: "resolved" } as const;
  for (const notification of [nodeLatency, nodeLatency, other])
    await channel.send(
      messageOf([notification], { lateMs: 90_000, collapsed: 3 }),
      AbortSignal.timeout(20_000),
    );
  const ids = got.map(({ headers }) => headers["webhook-id"]);
  expect(ids[0]).toBe(ids[1]);
  expect(ids[0]).not.toBe(ids[2]);
  expect(JSON.parse(got[2]?.body ?? "")).toMatchObject({
    type: "alert.resolved",
    data: { lateSeconds: 90, collapsed: 3 },
  });
});

test.each([
  [204, {}, { outcome: "delivered" }],
  [500, {}, { outcome: "failed", reason: "it answered 500" }],
  [429, { "retry-after": "7" }, { outcome: "failed", reason: "it answered 429", afterMs: 7_000 }],
  [301, { location: "https://other.example/x" }, { outcome: "failed" }],
  [302, { location: "/login" }, { outcome: "parked" }],
  [410, {}, { outcome: "parked" }],
  [422, {}, { outcome: "refused" }],
])("an answer of %i with %j is %j", async (status, headers, outcome) => {
  const server = await scriptedServer();
  server.answer({ status, headers });
  const { send } = await channelOf({ type: "webhook", url: server.url });
  expect(await send()).toMatchObject(outcome);
});

test("shows no secret, whatever the receiver says", async () => {
  const server = await scriptedServer();
  const [path, token] = ["/hooks/T0123456789/s3cr3t-s3cr3t", "Bearer abcdefghijkl"];
  server.answer({ status: 400, body: `no: ${server.url}${path} ${KEY} ${token}` });
  const settings = { type: "webhook", key: KEY, authorization: token } as const;
  const refused = await (await channelOf({ ...settings, url: `${server.url}${path}` })).send();
  const failed = await (await channelOf({ ...settings, url: `${await deadAddress()}${path}` })).send();
  expect([refused.outcome, failed.outcome]).toEqual(["refused", "failed"]);
  for (const secret of ["s3cr3t", KEY, "abcdefghijkl"])
    expect(JSON.stringify([refused, failed])).not.toContain(secret);
});

test("shows no login of its address, not even as it is sent", async () => {
  const server = await scriptedServer();
  const login = Buffer.from("desk:p/ss").toString("base64");
  server.answer({ status: 400, body: `no login: Basic ${login}` });
  const url = server.url.replace("http://", "http://desk:p%2Fss@");
  const { outcome, reason } = { reason: "", ...(await (await channelOf({ type: "webhook", url })).send()) };
  expect([outcome, reason]).toEqual(["refused", "it answered 400: no login: Basic ***"]);
});
