import { attribute, semconv } from "@slipstream/conventions";
import { encode, type KeyValue } from "@slipstream/testing/otlp-schema";
import { expect, test } from "vitest";
import { decodeTraces } from "./decode.ts";
import type { Attributes } from "./model.ts";

const decoded = (...attributes: KeyValue[]): Attributes => {
  const span = {
    traceId: new Uint8Array(16).fill(1),
    spanId: new Uint8Array(8).fill(2),
    name: "n",
    startTimeUnixNano: "1760000000000000000",
    endTimeUnixNano: "1760000000000000000",
    attributes,
  };
  const body = encode("TracesRequest", { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  const [only] = decodeTraces(body, "protobuf").spans;
  if (only === undefined) throw new Error("refused");
  return only.attributes;
};

const text = (key: string, stringValue: string): KeyValue => ({ key, value: { stringValue } });

test.each(["t-1", "", "✓ not ASCII", "x".repeat(119), "x".repeat(120), "x".repeat(600)])(
  "an id is read when it is asked for, each time the same: %s",
  (id) => {
    const attributes = decoded(text(attribute.tradeId, id), text(attribute.solanaSignature, `${id}!`));
    for (let time = 0; time < 2; time++) {
      expect(attributes[attribute.tradeId]).toBe(id);
      expect(attributes[attribute.solanaSignature]).toBe(`${id}!`);
    }
  },
);

test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
  "two ids are told apart, however far apart they stand: %s more",
  (more) => {
    const [id, signature] = [`t${"-".repeat(more)}`, "5igNature"];
    const attributes = decoded(text(attribute.tradeId, id), text(attribute.solanaSignature, signature));
    for (let time = 0; time < 2; time++)
      expect([attributes[attribute.tradeId], attributes[attribute.solanaSignature]]).toEqual([id, signature]);
  },
);

test("an amount that is none stays as it is, also when it is asked for again", () => {
  const attributes = decoded(text(attribute.tradeQuotedOut, "12x"), text(attribute.tradeActualOut, "12"));
  for (let time = 0; time < 2; time++) {
    expect(attributes[attribute.tradeQuotedOut]).toBe("12x");
    expect(attributes[attribute.tradeActualOut]).toBe("12");
  }
});

test("an id that was sent as a number is its digits", () => {
  expect(decoded({ key: attribute.tradeId, value: { intValue: "42" } })[attribute.tradeId]).toBe("42");
});

test("what was sent twice is what was sent last", () => {
  const attributes = decoded(
    text(semconv.rpcMethod, "a"),
    text(semconv.rpcMethod, "b"),
    text(attribute.tradeId, "c"),
  );
  expect(attributes[semconv.rpcMethod]).toBe("b");
});

test("of Slipstream's own attributes, two values that differ are none; two that are equal are one", () => {
  const status = (...values: string[]) => {
    const list = values.map((value) => text(attribute.tradeStatus, value));
    return decoded(text(attribute.tradeId, "t"), ...list, text(attribute.tradePair, "p"));
  };
  expect(status("failed", "success")[attribute.tradeStatus]).toBeNull();
  expect(status("success", "failed", "success")[attribute.tradeStatus]).toBeNull();
  expect(status("success", "success")).toMatchObject({
    [attribute.tradeStatus]: "success",
    [attribute.tradePair]: "p",
  });
});

test("an array, a map and bytes are null; no value at all is as good as absent", () => {
  const values = [{ arrayValue: { values: [] } }, { kvlistValue: { values: [] } }, { bytesValue: "AA==" }];
  for (const value of values) {
    expect(decoded({ key: attribute.tradeStatus, value })[attribute.tradeStatus]).toBeNull();
    expect(decoded({ key: semconv.rpcMethod, value })[semconv.rpcMethod]).toBeUndefined();
  }
  expect(decoded({ key: attribute.tradeStatus, value: {} })[attribute.tradeStatus]).toBeUndefined();
});

test.each(["0", "1", "127", "128", "268435456", "2147483647", "2147483648", "4294967296", "-1"])(
  "a whole number of any size: %s",
  (intValue) => {
    const attributes = decoded({ key: attribute.solanaSlot, value: { intValue } }, text("other", "x"));
    expect(attributes[attribute.solanaSlot]).toBe(Number(intValue));
    expect(attributes[attribute.solanaPriorityFeeLamports]).toBeUndefined();
  },
);

test("more attributes than room was made for", () => {
  const many = Array.from({ length: 500 }, () => ({ key: semconv.serverPort, value: { intValue: "1" } }));
  const attributes = decoded(text(attribute.tradeId, "first"), ...many);
  expect(attributes[attribute.tradeId]).toBe("first");
  expect(attributes[semconv.serverPort]).toBe(1);
});

test("in JSON they are a plain object", () => {
  const attributes = decoded(
    text(attribute.tradeId, "t"),
    text("other", "x"),
    text(attribute.tradePair, "SOL/USDC"),
  );
  expect(JSON.parse(JSON.stringify(attributes))).toEqual({
    [attribute.tradeId]: "t",
    [attribute.tradePair]: "SOL/USDC",
  });
  expect(attributes.other).toBeUndefined();
});
