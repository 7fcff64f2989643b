import { expect, test } from "vitest";
import { compare } from "./compare.ts";
import type { Variant } from "./paired.ts";
import { work } from "./testing/work.ts";

test("runs every variant in every round, each round beginning with another", async () => {
  const order: string[] = [];
  const noting = (name: string): Variant => ({ name, before: () => void order.push(name), run: () => {} });
  await compare({
    ours: [noting("a")],
    theirs: [noting("b"), noting("c")],
    rounds: { rounds: 3, times: 1 },
    unit: "ns",
  });
  expect(order.slice(-9)).toEqual(["a", "b", "c", "b", "c", "a", "c", "a", "b"]);
});

test("sets each of ours beside each of theirs", async () => {
  const variants = (names: string[]) => names.map((name) => work(name, 1));
  const pairs = await compare({
    ours: variants(["a", "b"]),
    theirs: variants(["x", "y"]),
    rounds: { rounds: 2, times: 10 },
    unit: "ns",
  });
  expect(pairs.map(({ ours, theirs }) => ours + theirs)).toEqual(["ax", "ay", "bx", "by"]);
});
