import { expect, test } from "vitest";
import { stages } from "./order.ts";
import { smallPart } from "./testing/small-part.ts";

const names = (groups: ReturnType<typeof stages>): readonly (readonly string[])[] =>
  groups.map((group) => group.map(({ name }) => name));

test("a part starts after those that it needs, and beside those that it does not", () => {
  const parts = [
    smallPart("desk", { after: ["collector"] }),
    smallPart("collector", { after: ["store", "database"] }),
    smallPart("store"),
    smallPart("database"),
  ];
  expect(names(stages(parts))).toEqual([["store", "database"], ["collector"], ["desk"]]);
});

test("a part that does not run is not waited for", () => {
  expect(names(stages([smallPart("desk", { after: ["collector"] })]))).toEqual([["desk"]]);
});

test("parts that wait for each other are an error that names them", () => {
  const parts = [smallPart("a", { after: ["b"] }), smallPart("b", { after: ["a"] }), smallPart("c")];
  expect(() => stages(parts)).toThrow("a, b");
});
