import { expect, test } from "vitest";
import { commonJsDeclaration } from "./common-js.ts";

test("a declaration imports the CommonJS form of its own package, and others as before", () => {
  const text = [
    'import type { A } from "./a.ts";',
    'export { b } from "../lib/b.js";',
    'import "./c.ts";',
    'export type D = import("./d.ts").D;',
    'import { z } from "zod";',
    'import type { E } from "@slipstream/otlp/decode";',
    "//# sourceMappingURL=index.d.ts.map",
  ];
  expect(commonJsDeclaration(text.join("\n")).trimEnd().split("\n")).toEqual([
    'import type { A } from "./a.cjs";',
    'export { b } from "../lib/b.cjs";',
    'import "./c.cjs";',
    'export type D = import("./d.cjs").D;',
    'import { z } from "zod";',
    'import type { E } from "@slipstream/otlp/decode";',
  ]);
});
