import { attribute, semconv } from "@slipstream/conventions";
import { describe, expect, test } from "vitest";
import { coerce, keptAttributes, type RawValue, withoutSecrets } from "./attributes.ts";

const read = (name: string, value: RawValue): unknown => {
  const kept = keptAttributes.find((candidate) => candidate.name === name);
  if (kept === undefined) throw new Error(`${name} is not kept`);
  return coerce(kept, value);
};

describe("a value takes its attribute's type; one that cannot stays as it is, to be reported", () => {
  test.each<[string, RawValue, unknown]>([
    [attribute.tradeSizeUsd, 12, 12],
    [attribute.tradeSizeUsd, 12.5, 12.5],
    [attribute.tradeSizeUsd, 2n ** 60n, 2 ** 60],
    [attribute.tradeSizeUsd, Number.NaN, Number.NaN],
    [attribute.tradeSizeUsd, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    [attribute.tradeSizeUsd, "12", "12"],
    [attribute.tradeSizeUsd, true, true],
    [attribute.tradeSizeUsd, null, null],
    [attribute.solanaSlot, 285_000_037, 285_000_037],
    [attribute.solanaSlot, 0.5, 0.5],
    [attribute.solanaSlot, 2n ** 60n, 2n ** 60n],
    [attribute.solanaSlot, true, true],
    [attribute.tradeQuotedOut, "18446744073709551615", "18446744073709551615"],
    [attribute.tradeQuotedOut, 5, "5"],
    [attribute.tradeQuotedOut, 2n ** 60n, String(2n ** 60n)],
    [attribute.tradeQuotedOut, "-5", "-5"],
    [attribute.tradeQuotedOut, "1e9", "1e9"],
    [attribute.tradeQuotedOut, "", ""],
    [attribute.tradeQuotedOut, "9".repeat(78), "9".repeat(78)],
    [attribute.tradeQuotedOut, "9".repeat(79), "9".repeat(79)],
    [attribute.tradeQuotedOut, 1.5, 1.5],
    [attribute.tradeQuotedOut, Number.NaN, Number.NaN],
    [attribute.tradeId, 42, "42"],
    [attribute.tradeId, null, null],
    [attribute.slipstreamCanary, null, null],
    [semconv.rpcMethod, null, undefined],
    [attribute.slipstreamCanary, true, true],
    [attribute.slipstreamCanary, "true", true],
    [attribute.slipstreamCanary, " True", true],
    [attribute.slipstreamCanary, 1, true],
    [attribute.slipstreamCanary, "0", false],
    [attribute.slipstreamCanary, "yes", "yes"],
    [semconv.httpStatus, 503, 503],
    [semconv.httpStatus, Number.POSITIVE_INFINITY, undefined],
    [semconv.rpcMethod, "getSlot", "getSlot"],
    [semconv.urlFull, 5, undefined],
  ])("%s = %s gives %s", (name, value, wanted) => {
    expect(read(name, value)).toBe(wanted);
  });
});

test.each([
  ["https://rpc.example.com/path?api-key=SECRET", "https://rpc.example.com/path"],
  ["https://rpc.example.com/path#SECRET", "https://rpc.example.com/path"],
  ["https://user:SECRET@rpc.example.com:8899/", "https://rpc.example.com:8899/"],
  ["https://SECRET?@host/", "https://SECRET"],
  ["//user:SECRET@host/x", "//host/x"],
  ["/swap?key=SECRET", "/swap"],
  ["https://host/a@b", "https://host/a@b"],
  ["", ""],
])("no secrets of %s are kept", (url, kept) => {
  expect(withoutSecrets(url)).toBe(kept);
});

test("the addresses of calls lose their queries, whichever name they come under", () => {
  for (const name of [semconv.urlFull, semconv.urlFullOld, semconv.urlPath]) {
    expect(read(name, "https://h/p?key=SECRET")).toBe("https://h/p");
  }
});
