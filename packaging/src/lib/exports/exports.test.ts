import { expect, test } from "vitest";
import { exportedNames, takenNames } from "./module-names.ts";
import { unusedExports } from "./unused-exports.ts";

test("an index exports the names in its lists", () => {
  const index = 'export { a, type B } from "./a.ts";\nexport type {\n  C,\n  d as e,\n} from "./c.ts";\n';
  expect(exportedNames(index)).toEqual([
    { name: "a", isType: false },
    { name: "B", isType: true },
    { name: "C", isType: true },
    { name: "e", isType: true },
  ]);
});

test.each([
  ['import { a, type B as C } from "@x/y";', ["a", "B"]],
  ['import type { A } from "@x/y";', ["A"]],
  ['export { a, type B } from "@x/y";', ["a", "B"]],
  ['import * as all from "@x/y";', ["*"]],
  ['const { a, b: c } = await import("@x/y");', ["a", "b"]],
  ['const [{ a }, { z }] = await Promise.all([import("@x/y"), import("./z.ts")]);', ["a"]],
  ['type A = import("@x/y").A;', ["A"]],
  ['import {\n  a,\n  type B,\n} from "@x/y";', ["a", "B"]],
])("%s takes %j", (source, names) => {
  const taken = takenNames(source).filter(({ from }) => from === "@x/y");
  expect(taken.map(({ name }) => name)).toEqual(names);
});

test("packages export nothing that only they themselves use; what users import is documented", () => {
  expect(unusedExports()).toEqual([]);
});
