import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "./random.ts";

const draw = (random: Random, count: number): number[] => Array.from({ length: count }, () => random.next());
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

describe("Random", () => {
  test("the seed determines everything; another seed or fork gives different numbers", () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const numbers = draw(new Random(seed), 20);
        expect(draw(new Random(seed), 20)).toEqual(numbers);
        expect(draw(new Random(`${seed}.`), 20)).not.toEqual(numbers);
        expect(draw(new Random(seed).fork("a"), 20)).not.toEqual(draw(new Random(seed).fork("b"), 20));
      }),
    );
  });

  test("a fork does not depend on what its parent has drawn", () => {
    const parent = new Random(1);
    draw(parent, 100);
    expect(draw(parent.fork("x"), 5)).toEqual(draw(new Random(1).fork("x"), 5));
  });

  test("the distributions have their means, medians and bounds", () => {
    const random = new Random("distributions");
    const many = <T>(fn: () => T): T[] => Array.from({ length: 40_000 }, fn);
    const uniform = many(() => random.next());
    expect(Math.min(...uniform.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform.slice(0, 1000))).toBeLessThan(1);
    expect(mean(uniform)).toBeCloseTo(0.5, 1);
    const normal = many(() => random.normal());
    expect(mean(normal)).toBeCloseTo(0, 1);
    expect(mean(normal.map((x) => x * x))).toBeCloseTo(1, 1);
    expect(mean(many(() => random.exponential(3)))).toBeCloseTo(3, 0);
    const lognormal = many(() => random.lognormal(10, 1)).sort((a, b) => a - b);
    expect(lognormal[20_000]).toBeGreaterThan(9.5);
    expect(lognormal[20_000]).toBeLessThan(10.5);
    const pareto = many(() => random.pareto(2, 3));
    expect(pareto.every((x) => x >= 2)).toBe(true);
    expect(mean(pareto)).toBeCloseTo(3, 0);
  });
});
