import { expect, test } from "vitest";
import { nearestRank } from "./nearest-rank.ts";
import { QuantileSketch } from "./quantile-sketch.ts";
import { SKETCH_RELATIVE_ERROR } from "./sketch-buckets.ts";
import { distributions, seeded } from "./testing/random.ts";

const sizes = [1, 2, 19, 20, 100, 1_000, 10_000, 200_000];
const cases = Object.entries(distributions).flatMap(([name, draw]) =>
  sizes.map((size) => ({ name, draw, size })),
);

test("the promised error is below half a percent", () => {
  expect(SKETCH_RELATIVE_ERROR).toBeLessThanOrEqual(0.002);
});

test.each(cases)(
  "$name of $size values: P50 to P999 against exact nearest-rank quantiles",
  ({ draw, size }) => {
    for (const seed of [1, 2, 3]) {
      const random = seeded(seed);
      const values = Float64Array.from({ length: size }, () => draw(random));
      const sketch = new QuantileSketch();
      for (const value of values) sketch.record(value);
      values.sort();
      for (const q of [0.5, 0.95, 0.99, 0.999]) {
        const exact = values[nearestRank(q, size) - 1] ?? Number.NaN;
        const estimate = sketch.quantile(q);
        expect(Math.abs((estimate?.value ?? Number.NaN) - exact) / exact).toBeLessThanOrEqual(
          SKETCH_RELATIVE_ERROR,
        );
        expect(estimate?.sketchError.low).toBeLessThanOrEqual(exact);
        expect(estimate?.sketchError.high).toBeGreaterThanOrEqual(exact);
        expect(estimate?.count).toBe(size);
      }
    }
  },
);
