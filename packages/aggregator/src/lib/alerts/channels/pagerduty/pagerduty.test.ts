import fc from "fast-check";
import { expect, test } from "vitest";
import { channelOf, deadAddress, scriptedServer } from "../../testing/channel-test.ts";
import { isCutThrough, messageOf, messages, nodeLatency } from "../../testing/transitions.ts";
import { pagerdutyEvents } from "./event.ts";

const KEY = "0123456789abcdef0123456789ABCDEF";
const ACCEPTED = { status: 202, body: { status: "success", message: "Event processed", dedup_key: "x" } };

async function pagerduty() {
  const server = await scriptedServer();
  server.answer(ACCEPTED);
  const settings = { type: "pagerduty", routingKey: KEY, url: `${server.url}/v2/enqueue` } as const;
  return { server, ...(await channelOf(settings)) };
}

test("an alert that fires is triggered, and acknowledged and resolved by the same key", async () => {
  const { server, channel } = await pagerduty();
  for (const kind of ["firing", "escalated", "acknowledged", "resolved"] as const) {
    const outcome = await channel.send(messageOf([{ ...nodeLatency, kind }]), AbortSignal.timeout(20_000));
    expect(outcome).toEqual({ outcome: "delivered" });
  }
  const dedup_key = "slipstream/node-latency/1";
  expect(server.requests.map(({ path, body }) => [path, body.event_action, body.dedup_key])).toEqual([
    ["/v2/enqueue", "trigger", dedup_key],
    ["/v2/enqueue", "trigger", dedup_key],
    ["/v2/enqueue", "acknowledge", dedup_key],
    ["/v2/enqueue", "resolve", dedup_key],
  ]);
  expect(server.requests[0]?.body).toMatchObject({
    routing_key: KEY,
    client: "Slipstream",
    payload: {
      summary: "High Node Latency Detected: Solana node P99 latency is 245ms (threshold: 200ms)",
      severity: "critical",
      source: "slipstream",
      timestamp: "2026-11-29T12:00:00.000Z",
      class: "node-latency",
      custom_details: {
        value: "245 ms",
        threshold: "200 ms",
        samples: 1_200,
        text: expect.stringContaining("Action: Check node health or switch to backup") as string,
      },
    },
  });
});

test("what pages nobody is a change, not an incident", async () => {
  const { server, channel } = await pagerduty();
  for (const kind of ["happened", "digest"] as const)
    await channel.send(messageOf([{ ...nodeLatency, kind }]), AbortSignal.timeout(20_000));
  expect(server.requests.map(({ path }) => path)).toEqual(["/v2/change/enqueue", "/v2/change/enqueue"]);
  expect(server.requests[0]?.body).not.toHaveProperty("event_action");
});

test("a test says so, pages nobody for long, and touches no real incident", async () => {
  const { server, channel } = await pagerduty();
  await channel.send(messageOf([nodeLatency], { isTest: true }), AbortSignal.timeout(20_000));
  const dedup_key = "slipstream/node-latency/1/test";
  expect(server.requests.map(({ body }) => body)).toMatchObject([
    {
      event_action: "trigger",
      dedup_key,
      payload: { severity: "info", summary: expect.stringMatching(/^\[TEST\] /) as string },
    },
    { event_action: "resolve", dedup_key },
  ]);
});

test("a notification keeps within PagerDuty's limits, whatever is in it", () => {
  fc.assert(
    fc.property(messages(1), fc.string({ minLength: 1, maxLength: 100 }), (message, source) => {
      for (const { body } of pagerdutyEvents(message, source)) {
        expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(512 * 1_024);
        expect(String(body.dedup_key).length).toBeLessThanOrEqual(255);
        const { summary = "", custom_details } = (body.payload ?? {}) as Record<string, unknown>;
        expect(String(summary).length).toBeLessThanOrEqual(1_024);
        expect(isCutThrough(JSON.stringify([summary, custom_details]))).toBe(false);
      }
    }),
  );
});

test("two long names of alerts that differ at their end have different keys", () => {
  const keys = ["a", "b"].map((end) => {
    const alert = `rule:pair=${"x".repeat(300)}${end}`;
    return pagerdutyEvents(messageOf([{ ...nodeLatency, alert }]), "slipstream")[0]?.body.dedup_key;
  });
  expect(keys[0]).not.toBe(keys[1]);
  const desks = [undefined, "other"].map((desk) => {
    const notification = desk === undefined ? nodeLatency : { ...nodeLatency, desk };
    return pagerdutyEvents(messageOf([notification]), "slipstream")[0]?.body.dedup_key;
  });
  expect(desks[0]).not.toBe(desks[1]);
});

test.each([
  [400, { status: "invalid event", errors: ["'payload.summary' is missing"] }, "refused"],
  [400, { status: "invalid event", errors: ["Length of 'routing_key' is incorrect"] }, "parked"],
  [403, "", "parked"],
  [429, "", "failed"],
  [500, "", "failed"],
])("an answer of %i %j is %s", async (status, body, outcome) => {
  const { server, send } = await pagerduty();
  server.answer({ status, body });
  expect(await send()).toMatchObject({ outcome });
});

test("the routing key does not show", async () => {
  const { server, send } = await pagerduty();
  server.answer({ status: 400, body: { message: `no such key ${KEY}` } });
  expect(JSON.stringify(await send())).not.toContain(KEY);
  const url = `${await deadAddress()}/v2/enqueue`;
  const gone = await channelOf({ type: "pagerduty", routingKey: KEY, url });
  expect(JSON.stringify(await gone.send())).not.toContain(KEY);
});
