import { messageType } from "@slipstream/testing/otlp-schema";
import fc from "fast-check";
import { expect, test } from "vitest";
import { scrub } from "./scrub.ts";

const KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
/** Attributes whose texts are read in a way of their own: only texts, for in a list or a map the ways would differ. */
const apart = ["url.path", "url.query", "http.target", "db.query.text"];
const names = [
  ...[
    "url.full",
    "server.address",
    "trade.pair",
    "password",
    "user.jwt",
    "db_pwd",
    "é",
    'a"b',
    "k".repeat(70),
  ],
  ...["http.request.header.authorization", "auth"],
];
// Without escapes, which make a secret in JSON longer, and without flags, whose value in JSON may stand in another list.
const texts = [
  ...["", "x", "SOL/USDC", "/swap/v1/quote", "desk.helius-rpc.com", "auth", KEY, `/${KEY}/x`],
  ...[`/v1/${KEY}`, `a=1&key=${KEY}`, `u:p${KEY}@host`, `Basic ${KEY}`, `it's password=${KEY}`, "é✓ü"],
  ...[`https://rpc.example/?api-key=${KEY}`, `https://a.g.alchemy.com/v2/${KEY}`, "x".repeat(130)],
  ...[`${"x".repeat(600)} token=${KEY} ${"y".repeat(200)}`, `alter user x identified by '${KEY}'`],
];
const text = fc.constantFrom(...texts);
const { attribute } = fc.letrec<{ attribute: object; value: object }>((tie) => ({
  attribute: fc.record({ key: fc.constantFrom(...names), value: tie("value") }),
  value: fc.oneof(
    { depthSize: "small" },
    { weight: 6, arbitrary: fc.record({ stringValue: text }) },
    fc.record({ intValue: fc.nat().map(String) }),
    fc.record({ doubleValue: fc.constantFrom(0.5, -12.25, 1e21) }),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie("value"), { maxLength: 3 }) }) }),
    fc.record({ kvlistValue: fc.record({ values: fc.array(tie("attribute"), { maxLength: 2 }) }) }),
  ),
}));
const textApart = fc.record({ key: fc.constantFrom(...apart), value: fc.record({ stringValue: text }) });
const attributes = fc.array(fc.oneof(attribute, textApart), { maxLength: 5 });
const span = fc.record({
  name: text,
  attributes,
  events: fc.array(fc.record({ name: text, attributes }), { minLength: 1, maxLength: 2 }),
  status: fc.record({ message: text }),
});
const request = fc.record({
  resourceSpans: fc.tuple(
    fc.record({
      resource: fc.record({ attributes }),
      scopeSpans: fc.tuple(fc.record({ spans: fc.array(span, { minLength: 1, maxLength: 3 }) })),
    }),
  ),
});

test("what is masked does not depend on how it is written: in protobuf, or in JSON with or without spaces", () => {
  const type = messageType("TracesRequest");
  fc.assert(
    fc.property(request, (sent) => {
      const protobuf = Buffer.from(type.encode(type.fromObject(sent)).finish());
      const json = Buffer.from(JSON.stringify(sent));
      const spaced = Buffer.from(JSON.stringify(sent, null, 1));
      for (const body of [json, spaced]) scrub("traces", body, "json");
      scrub("traces", protobuf, "protobuf");
      const masked = JSON.parse(json.toString());
      expect(JSON.parse(spaced.toString())).toEqual(masked);
      expect(protobuf).toEqual(Buffer.from(type.encode(type.fromObject(masked)).finish()));
      expect(json.toString()).not.toContain(`=${KEY}`);
    }),
    { numRuns: 400 },
  );
});
