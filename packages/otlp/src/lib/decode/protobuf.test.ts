import { encode } from "@slipstream/testing/otlp-schema";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeMetrics, decodeTraces } from "./decode.ts";
import { OtlpError } from "./errors.ts";
import type { Span, TracesBatch } from "./model.ts";
import { metricsRequest, tracesRequest } from "./testing/messages.ts";
import { readable } from "./testing/readable.ts";
import { expectedMetrics, expectedTraces } from "./testing/reference.ts";

describe("against protobufjs", () => {
  test("traces come out as they were encoded", () => {
    fc.assert(
      fc.property(tracesRequest, (request) => {
        const batch = decodeTraces(encode("TracesRequest", request), "protobuf");
        expect(readable(batch)).toEqual(expectedTraces(request));
      }),
      { numRuns: 500 },
    );
  });

  test("metrics come out as they were encoded", () => {
    fc.assert(
      fc.property(metricsRequest, (request) => {
        const { points, resources, refusals } = decodeMetrics(encode("MetricsRequest", request), "protobuf");
        const refused = refusals.reduce((sum, { count }) => sum + count, 0);
        expect({ points, resources, refused }).toEqual(expectedMetrics(request));
      }),
      { numRuns: 300 },
    );
  });
});

describe("damaged bodies", () => {
  const decoders = [decodeTraces, decodeMetrics];
  const body = fc.oneof(
    tracesRequest.map((request) => encode("TracesRequest", request)),
    metricsRequest.map((request) => encode("MetricsRequest", request)),
  );

  const survives = (damaged: Uint8Array): void => {
    for (const decode of decoders) {
      try {
        decode(damaged, "protobuf");
      } catch (error) {
        expect(error).toBeInstanceOf(OtlpError);
      }
    }
  };

  test("truncation and flipped bits give OtlpError or a batch, nothing else", () => {
    fc.assert(
      fc.property(
        body,
        fc.array(fc.tuple(fc.nat(), fc.nat(7)), { maxLength: 5 }),
        fc.nat(),
        (bytes, flips, cut) => {
          const damaged = Uint8Array.from(bytes);
          for (const [at, bit] of flips) {
            if (damaged.length > 0)
              damaged[at % damaged.length] = (damaged[at % damaged.length] ?? 0) ^ (1 << bit);
          }
          survives(damaged);
          survives(damaged.subarray(0, cut % (damaged.length + 1)));
        },
      ),
      { numRuns: 500 },
    );
  });

  test("noise gives OtlpError or a batch, nothing else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => survives(bytes)),
      { numRuns: 2000 },
    );
  });

  test("the next good body is read as if nothing had been", () => {
    const [request] = fc.sample(tracesRequest, { numRuns: 1, seed: 7 });
    if (request === undefined) throw new Error("no sample");
    const good = encode("TracesRequest", request);
    const before = readable(decodeTraces(good, "protobuf"));
    survives(good.subarray(0, good.length - 3));
    survives(Uint8Array.of(0x0a, 0xff));
    expect(readable(decodeTraces(good, "protobuf"))).toEqual(before);
  });
});

describe("wire format", () => {
  const field = (number: number, ...bytes: number[]): number[] => [number * 8 + 2, bytes.length, ...bytes];
  const request = (...span: number[]): Uint8Array =>
    Uint8Array.from(field(1, ...field(2, ...field(2, ...span))));
  const fixed64 = (number: number, nanos: bigint): number[] => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(nanos);
    return [number * 8 + 1, ...bytes];
  };
  const ids = [
    ...field(1, ...new Array<number>(16).fill(0xab)),
    ...field(2, ...new Array<number>(8).fill(0xcd)),
  ];
  const times = [...fixed64(7, 1_760_000_000_000_000_000n), ...fixed64(8, 1_760_000_000_005_000_000n)];
  const only = ({ spans }: TracesBatch): Span => {
    if (spans[0] === undefined || spans.length > 1) throw new Error(`${spans.length} spans`);
    return spans[0];
  };
  const code = (body: Uint8Array): string => {
    try {
      decodeTraces(body, "protobuf");
      return "accepted";
    } catch (error) {
      return error instanceof OtlpError ? error.code : String(error);
    }
  };

  test("fields that are not known are stepped over, of every wire type", () => {
    const unknown = [
      0xa0, 0x06, 0x01, 0xa1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8, 0xa5, 0x06, 1, 2, 3, 4, 0xa2, 0x06, 2, 9, 9,
    ];
    const span = only(decodeTraces(request(...unknown, ...ids, ...unknown, ...times), "protobuf"));
    expect(span).toMatchObject({ endMs: 1_760_000_000_005, durationSeconds: 0.005 });
  });

  test("the resource may stand behind the spans, the value before its key", () => {
    const resource = field(
      1,
      ...field(1, ...field(2, ...field(1, 0x78)), ...field(1, ...Buffer.from("service.name"))),
    );
    const body = field(1, ...field(2, ...field(2, ...ids, ...times)), ...resource);
    expect(only(decodeTraces(Uint8Array.from(body), "protobuf")).resource.service).toBe("x");
  });

  test("groups, bad tags, wrong wire types and overlong numbers are refused", () => {
    expect(code(Uint8Array.of(0x0b))).toBe("wrong_type");
    expect(code(Uint8Array.of(0x1b))).toBe("malformed");
    expect(code(Uint8Array.of(0x02, 0x00))).toBe("malformed");
    expect(code(Uint8Array.of(0x08, 0x01))).toBe("wrong_type");
    expect(code(request(0x08, 0x01))).toBe("wrong_type");
    expect(code(Uint8Array.from([0x0a, ...new Array<number>(12).fill(0xff)]))).toBe("malformed");
    expect(code(request(0x30, ...new Array<number>(11).fill(0xff)))).toBe("malformed");
    expect(code(Uint8Array.of(0x0a, 0x05, 0x00))).toBe("truncated");
  });

  test("a nested message may not reach beyond the one around it", () => {
    expect(code(Uint8Array.from([...field(1, 0x12, 0x05, 0x00), 0, 0, 0, 0, 0]))).toBe("truncated");
  });

  test.each(["k", "trade.pair"])(
    "the value of %s may nest as deep as it likes: it is an array, which is not read",
    (key) => {
      let value: number[] = [0x18, 0x01];
      const bytes = (number: number, inner: number[]): number[] => {
        const low = inner.length & 0x7f;
        return [number * 8 + 2, ...(inner.length < 0x80 ? [low] : [low | 0x80, inner.length >> 7]), ...inner];
      };
      for (let level = 0; level < 500; level++) value = bytes(5, bytes(1, value));
      const attribute = bytes(9, [...field(1, ...Buffer.from(key)), ...bytes(2, value)]);
      const body = bytes(1, bytes(2, bytes(2, [...ids, ...attribute, ...times])));
      const { attributes } = only(decodeTraces(Uint8Array.from(body), "protobuf"));
      expect(attributes["trade.pair"]).toBe(key === "k" ? undefined : null);
    },
  );

  test("an error says where", () => {
    expect(() => decodeTraces(request(0x08, 0x01), "protobuf")).toThrow(/in Span, before byte \d+/);
  });

  test("bad items are refused with a reason, the good ones beside them kept", () => {
    const bad = field(2, ...times);
    const backwards = field(
      2,
      ...ids,
      ...fixed64(7, 1_760_000_000_005_000_000n),
      ...fixed64(8, 1_760_000_000_000_000_000n),
    );
    const good = field(2, ...ids, ...times);
    const body = Uint8Array.from(field(1, ...field(2, ...bad, ...good), ...field(2, ...backwards)));
    const { spans, refusals } = decodeTraces(body, "protobuf");
    expect(spans.map(({ durationSeconds }) => durationSeconds)).toEqual([expect.any(Number), -0.005]);
    expect(refusals).toMatchObject([{ count: 1, reason: expect.stringContaining("trace id") }]);
  });
});
