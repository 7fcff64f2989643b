import { gzipSync, zstdCompressSync } from "node:zlib";
import type { KeyValue } from "@slipstream/testing/otlp-schema";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mediaType } from "./media.ts";
import { tracesBody, tracesJsonBody, tradeSpan } from "./testing/bodies.ts";
import { type Receiver, startReceiver } from "./testing/receiver.ts";

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

test("a Collector's batch of 8,192 spans, in any form", { timeout: 60_000 }, async () => {
  const text = (key: string): KeyValue => ({ key, value: { stringValue: `${key} of a span` } });
  const attributes = Array.from({ length: 12 }, (_, index) => text(`attribute.${index}`));
  const spans = Array.from({ length: 8_192 }, () => ({
    ...tradeSpan(),
    attributes,
    events: [1, 2].map(() => ({ timeUnixNano: "1", name: "event", attributes: attributes.slice(0, 3) })),
  }));
  const body = tracesBody(...spans);
  const json = tracesJsonBody(...spans);
  const bodies: [Uint8Array | string, Record<string, string>][] = [
    [body, {}],
    [json, {}],
    [gzipSync(body), { "content-encoding": "gzip" }],
    [gzipSync(json), { "content-encoding": "gzip", "content-type": mediaType.json }],
    [zstdCompressSync(json), { "content-encoding": "zstd", "content-type": mediaType.json }],
  ];
  for (const [bytes, headers] of bodies) expect((await receiver.send(bytes, headers)).status).toBe(200);
  expect(receiver.spans()).toHaveLength(5 * 8_192);
  await receiver.servesOn();
});
