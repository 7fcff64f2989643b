import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { centeredIsotonic, valueAt } from "./centered-isotonic.ts";

const point = (x: number, y: number, weight = 1): { x: number; y: number; weight: number } => ({
  x,
  y,
  weight,
});

describe("a monotone curve", () => {
  it("passes through points in order, and through the mean of those that are not", () => {
    const curve = centeredIsotonic([point(0, 0), point(1, 3), point(2, 1), point(4, 4)]);
    expect(curve).toEqual({ xs: [0, 1.5, 4], ys: [0, 2, 4] });
    expect([-1, 0, 0.75, 1.5, 9].map((x) => valueAt(curve, x))).toEqual([0, 0, 1, 2, 4]);
    expect(centeredIsotonic([point(0, 2, 3), point(4, 0, 1)])).toEqual({ xs: [1], ys: [1.5] });
    expect(valueAt(centeredIsotonic([]), 1)).toBeNaN();
  });

  it("never falls, and stays within the values", () => {
    const points = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 5 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(points, (pairs) => {
        const curve = centeredIsotonic(pairs.map(([y, weight], x) => point(x, y, weight)));
        const ys = pairs.map(([y]) => y);
        let last = Number.NEGATIVE_INFINITY;
        for (let x = -1; x <= pairs.length; x += 0.25) {
          const y = valueAt(curve, x);
          expect(y).toBeGreaterThanOrEqual(last - 1e-9);
          expect(y).toBeGreaterThanOrEqual(Math.min(...ys) - 1e-9);
          expect(y).toBeLessThanOrEqual(Math.max(...ys) + 1e-9);
          last = y;
        }
      }),
    );
  });
});
