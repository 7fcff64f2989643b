import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nearestRank } from "./nearest-rank.ts";
import { quantileInterval } from "./quantile-interval.ts";
import { QuantileSketch } from "./quantile-sketch.ts";
import { recordable, unrecordable } from "./testing/values.ts";

function sketchOf(values: readonly number[]): QuantileSketch {
  const sketch = new QuantileSketch();
  for (const value of values) sketch.record(value);
  return sketch;
}

function merged(...sketches: QuantileSketch[]): QuantileSketch {
  const sum = new QuantileSketch();
  for (const sketch of sketches) sum.merge(sketch);
  return sum;
}

const unit = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const sketches = fc.array(recordable).map(sketchOf);

describe("record", () => {
  test("an empty sketch returns undefined, not 0", () => {
    const sketch = new QuantileSketch();
    expect([sketch.count, sketch.min, sketch.max, sketch.quantile(0.5)]).toEqual([
      0,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("counts exactly, and keeps the exact smallest and largest value", () => {
    fc.assert(
      fc.property(fc.array(recordable, { minLength: 1 }), (values) => {
        const sketch = sketchOf(values);
        expect(sketch.count).toBe(values.length);
        expect(sketch.min).toBe(Math.min(...values) + 0);
        expect(sketch.max).toBe(Math.max(...values) + 0);
      }),
    );
  });

  test("rejects values that are not >= 0 and finite, and does not count them", () => {
    fc.assert(
      fc.property(sketches, unrecordable, (sketch, value) => {
        const before = JSON.stringify(sketch);
        expect(sketch.record(value)).toBe(false);
        expect(JSON.stringify(sketch)).toBe(before);
      }),
    );
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("rejects the count %d", (count) => {
    const sketch = new QuantileSketch();
    expect(sketch.record(1, count)).toBe(false);
    expect(sketch.count).toBe(0);
  });

  test("recording n at once equals recording one n times", () => {
    fc.assert(
      fc.property(sketches, recordable, fc.integer({ min: 1, max: 50 }), (sketch, value, n) => {
        const singly = sketch.clone();
        for (let i = 0; i < n; i += 1) singly.record(value);
        expect(sketch.record(value, n)).toBe(true);
        expect(sketch.toJSON()).toEqual(singly.toJSON());
      }),
    );
  });
});

describe("quantile", () => {
  test("the exact nearest-rank value and the estimate lie within the error", () => {
    fc.assert(
      fc.property(
        fc.array(recordable, { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, q) => {
          const exact = Float64Array.from(values).sort()[nearestRank(q, values.length) - 1] ?? Number.NaN;
          const { value, sketchError } = sketchOf(values).quantile(q) ?? expect.fail("empty");
          const { low, high } = sketchError;
          expect(exact >= low && exact <= high).toBe(true);
          expect(value >= low && value <= high).toBe(true);
        },
      ),
    );
  });

  test("with fewer than 1 / (1 - q) values it is the largest, and says so", () => {
    const sketch = new QuantileSketch();
    for (let n = 1; n <= 100; n += 1) {
      sketch.record(n / 7);
      const p99 = sketch.quantile(0.99);
      const p90 = sketch.quantile(0.9);
      expect(p99?.fewSamples).toBe(n < 100);
      expect(p90?.fewSamples).toBe(n < 10);
      if (n < 100) expect(p99?.value).toBe(n / 7);
    }
  });

  test.each([0, -0, Number.MIN_VALUE])("%d is zero, and so is the error", (zero) => {
    const { value, sketchError } = sketchOf([0, 0, zero, zero, 5]).quantile(0.5) ?? expect.fail("empty");
    expect([value, sketchError]).toEqual([0, { low: 0, high: 0 }]);
    expect(sketchOf([zero]).toJSON()).toEqual(sketchOf([0]).toJSON());
  });

  test("no bound is between zero and the smallest of the other values", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1e-15, 0.003), { minLength: 1 }), unit, (values, q) => {
        const sketch = sketchOf(values);
        const { sketchError } = sketch.quantile(q) ?? expect.fail("empty");
        const { low, high } = sketch.samplingInterval(q) ?? expect.fail("empty");
        for (const bound of [sketchError.low, sketchError.high, low ?? 0, high ?? 0]) {
          expect(bound === 0 || bound > 0.99e-15).toBe(true);
        }
      }),
    );
  });

  test("rejects an invalid quantile", () => {
    expect(() => sketchOf([1]).quantile(99)).toThrow(RangeError);
  });
});

describe("samplingInterval", () => {
  test("contains that of the values themselves, and is wider by the error of the sketch alone", () => {
    fc.assert(
      fc.property(fc.array(recordable, { minLength: 1, maxLength: 300 }), unit, (values, q) => {
        const sorted = [...Float64Array.from(values, (value) => value + 0).sort()];
        const { interval: exact } = quantileInterval(sorted, q) ?? expect.fail("empty");
        const ours = sketchOf(values).samplingInterval(q) ?? expect.fail("empty");
        expect([ours.low === null, ours.high === null]).toEqual([exact.low === null, exact.high === null]);
        const [low = 0, high = 0] = [exact.low ?? undefined, exact.high ?? undefined];
        expect(ours.low ?? 0).toBeLessThanOrEqual(low);
        expect(ours.low ?? 0).toBeGreaterThanOrEqual(low * 0.996 - 1e-310);
        expect(ours.high ?? 0).toBeGreaterThanOrEqual(high);
        expect((ours.high ?? 0) / 1.004).toBeLessThanOrEqual(high + 1e-310);
      }),
    );
  });

  test("is open above, and says why, if few values do not show how large a percentile may be", () => {
    const sketch = sketchOf(Array.from({ length: 50 }, (_, i) => i + 1));
    expect(sketch.samplingInterval(0.99)).toEqual({
      low: expect.any(Number),
      high: null,
      kind: "sampling95",
      reason: "too few values for both ends: 50 of 368 needed",
    });
    expect(new QuantileSketch().samplingInterval(0.99)).toBeUndefined();
  });
});

describe("merge", () => {
  test("equals recording everything in one sketch", () => {
    fc.assert(
      fc.property(fc.array(recordable), fc.array(recordable), (a, b) => {
        expect(merged(sketchOf(a), sketchOf(b)).toJSON()).toEqual(sketchOf([...a, ...b]).toJSON());
      }),
    );
  });

  test("is commutative and associative, with the empty sketch as its zero", () => {
    fc.assert(
      fc.property(sketches, sketches, sketches, (a, b, c) => {
        expect(merged(a, b).toJSON()).toEqual(merged(b, a).toJSON());
        expect(merged(merged(a, b), c).toJSON()).toEqual(merged(a, merged(b, c)).toJSON());
        expect(merged(a, new QuantileSketch()).toJSON()).toEqual(a.toJSON());
      }),
    );
  });

  test("with itself doubles every count; another sketch is left unchanged", () => {
    fc.assert(
      fc.property(fc.array(recordable), sketches, (values, other) => {
        const sketch = sketchOf(values);
        sketch.merge(sketch);
        expect(sketch.toJSON()).toEqual(sketchOf([...values, ...values]).toJSON());
        const before = JSON.stringify(other);
        sketch.merge(other);
        sketch.record(1);
        expect(JSON.stringify(other)).toBe(before);
      }),
    );
  });
});

describe("clear and clone", () => {
  test("a cleared sketch equals a new one", () => {
    fc.assert(
      fc.property(sketches, fc.array(recordable), (sketch, values) => {
        sketch.clear();
        expect(sketch.toJSON()).toEqual(new QuantileSketch().toJSON());
        for (const value of values) sketch.record(value);
        expect(sketch.toJSON()).toEqual(sketchOf(values).toJSON());
      }),
    );
  });

  test("a clone is independent", () => {
    const sketch = sketchOf([1, 2, 3]);
    const clone = sketch.clone();
    clone.record(4);
    expect([sketch.count, clone.count]).toEqual([3, 4]);
  });
});

describe("JSON", () => {
  test("survives a round trip through text unchanged", () => {
    fc.assert(
      fc.property(sketches, (sketch) => {
        const back = QuantileSketch.fromJSON(JSON.parse(JSON.stringify(sketch)));
        expect(back.toJSON()).toEqual(sketch.toJSON());
        expect(back.quantile(0.95)).toEqual(sketch.quantile(0.95));
      }),
    );
  });

  test("a thousand equal values take a few bytes", () => {
    const sketch = new QuantileSketch();
    sketch.record(0.25, 1000);
    expect(JSON.stringify(sketch)).toBe('{"mantissaBits":8,"min":0.25,"max":0.25,"buckets":[261376,1000]}');
  });

  test("never accepts what it could not have written", () => {
    const good = sketchOf([0.25, 0.5]).toJSON();
    const bad: unknown[] = [
      null,
      "sketch",
      [],
      {},
      { ...good, mantissaBits: 7 },
      { ...good, buckets: [1] },
      { ...good, buckets: [261376, 1, 0, 1] },
      { ...good, buckets: [261376, 1, 256, 0] },
      { ...good, buckets: [261376, 1, 256, 1.5] },
      { ...good, buckets: [261376, 1, 256, "1"] },
      { ...good, buckets: [261376, 1, 1e9, 1] },
      { ...good, buckets: [261376, Number.MAX_SAFE_INTEGER, 256, 1] },
      { ...good, buckets: [-1, 1] },
      { ...good, buckets: [] },
      { ...good, min: 0.4 },
      { ...good, min: "0.25" },
      { ...good, max: 0.9 },
      { mantissaBits: 8, buckets: [261376, 1] },
      { mantissaBits: 8, min: 0.2501, max: 0.25, buckets: [261376, 1] },
      { ...good, max: Number.POSITIVE_INFINITY },
    ];
    for (const json of bad) expect(() => QuantileSketch.fromJSON(json)).toThrow(TypeError);
  });

  test("throws only TypeError, for any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(() => QuantileSketch.fromJSON(json)).toThrow(TypeError);
      }),
    );
  });
});

describe("save", () => {
  test("a loaded sketch is equal, and shares nothing with the saved one", () => {
    fc.assert(
      fc.property(sketches, recordable, fc.maxSafeNat(), (sketch, value, count) => {
        sketch.record(value, Math.max(1, count - sketch.count));
        const json = sketch.toJSON();
        const saved = sketch.save();
        sketch.record(1);
        const restored = new QuantileSketch();
        restored.load(structuredClone(saved));
        expect(restored.toJSON()).toEqual(json);
        expect(restored.count).toBe(sketch.count - 1);
      }),
    );
  });

  test("takes a few bytes for each bucket in use", () => {
    const sketch = new QuantileSketch();
    for (let i = 0; i < 50_000; i += 1) sketch.record(0.001 + i / 1e6);
    expect(sketch.save().length).toBeLessThan(5_000);
  });

  test("anything other than a saved sketch is rejected", () => {
    const saved = sketchOf([1, 2, 3]).save();
    for (const wrong of [undefined, "x", new Uint8Array(0), saved.subarray(0, -1), saved.subarray(1)]) {
      expect(() => new QuantileSketch().load(wrong)).toThrow(TypeError);
    }
  });
});
