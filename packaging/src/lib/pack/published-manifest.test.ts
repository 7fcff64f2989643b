import { expect, test } from "vitest";
import { commonJsPrograms, publishedManifest } from "./published-manifest.ts";

const target = (name: string) => ({
  "slipstream-source": `./src/${name}.ts`,
  types: `./dist/${name}.d.ts`,
  default: `./dist/${name}.js`,
});
const exported = (name: string) => ({
  require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` },
  types: `./dist/${name}.d.ts`,
  default: `./dist/${name}.js`,
});

test("every way to resolve a package leads to its program, with declarations in the form that it wants", () => {
  const manifest = {
    name: "@slipstream/telemetry",
    scripts: { prepublishOnly: "exit 1" },
    engines: { node: "^20.19.0" },
    exports: {
      ".": target("index"),
      "./instruments": target("instruments"),
      "./package.json": "./package.json",
    },
  };
  expect(publishedManifest(manifest)).toEqual({
    name: "@slipstream/telemetry",
    engines: { node: "^20.19.0" },
    main: "./dist/index.js",
    types: "./dist/index.d.ts",
    typesVersions: { "*": { instruments: ["./dist/instruments.d.ts"] } },
    exports: {
      ".": exported("index"),
      "./instruments": exported("instruments"),
      "./package.json": "./package.json",
    },
  });
});

test("a package that names no Node needs 24.11", () => {
  expect(publishedManifest({ exports: { ".": target("index") } })).toMatchObject({
    engines: { node: ">=24.11" },
  });
});

test("require loads a file of its own for each export", () => {
  const exports = { ".": target("index"), "./a": target("a"), "./package.json": "./package.json" };
  expect(commonJsPrograms(publishedManifest({ exports }))).toEqual(["./dist/index.cjs", "./dist/a.cjs"]);
});
