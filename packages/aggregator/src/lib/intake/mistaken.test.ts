import { afterEach, beforeEach, expect, test } from "vitest";
import { mediaType } from "./media.ts";
import { gaugeBody, tracesBody, tracesJsonBody, tradeSpan } from "./testing/bodies.ts";
import { type Receiver, startReceiver } from "./testing/receiver.ts";

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

async function answerTo(
  path: string,
  type: keyof typeof mediaType,
  body: Uint8Array | string,
): Promise<[number, string]> {
  const answer = await fetch(`${receiver.server.url}${path}`, {
    method: "POST",
    headers: { "content-type": mediaType[type] },
    body: body as string,
  });
  const text = await answer.text();
  return [answer.status, text];
}

test.each<[string, string, keyof typeof mediaType, Uint8Array | string, string]>([
  ["JSON that is called protobuf", "/v1/traces", "protobuf", tracesJsonBody(tradeSpan()), "body is JSON"],
  ["protobuf that is called JSON", "/v1/traces", "json", tracesBody(tradeSpan()), "body is protobuf"],
  ["spans sent as metrics", "/v1/metrics", "protobuf", tracesBody(tradeSpan()), "send it to /v1/traces"],
  [
    "spans sent as metrics in JSON",
    "/v1/metrics",
    "json",
    tracesJsonBody(tradeSpan()),
    "send it to /v1/traces",
  ],
  ["metrics sent as spans", "/v1/traces", "protobuf", gaugeBody(1), "send it to /v1/metrics"],
  ["logs sent as spans", "/v1/traces", "json", '{"resourceLogs":[{}]}', "logs"],
])("%s are refused, and say what they are", async (_, path, type, body, message) => {
  const [status, text] = await answerTo(path, type, body);
  expect(status).toBe(400);
  expect(text).toContain(message);
});

test("a program can tell them apart by their codes", async () => {
  const [, format] = await answerTo("/v1/traces", "json", tracesBody(tradeSpan()));
  expect(JSON.parse(format)).toMatchObject({ error: { code: "wrong_format", field: "Content-Type" } });
  const [, signal] = await answerTo("/v1/metrics", "json", tracesJsonBody(tradeSpan()));
  expect(JSON.parse(signal)).toMatchObject({ error: { code: "wrong_signal" } });
});

test.each<[string, string, keyof typeof mediaType, Uint8Array | string]>([
  ["an empty message", "/v1/traces", "protobuf", ""],
  ["an empty object", "/v1/metrics", "json", "\n{}"],
  ["a resource without spans", "/v1/traces", "json", '{"resourceSpans":[{}]}'],
  ["a resource without metrics", "/v1/metrics", "protobuf", Uint8Array.of(0x0a, 0)],
])("%s is taken", async (_, path, type, body) => {
  const [status] = await answerTo(path, type, body);
  expect(status).toBe(200);
});
