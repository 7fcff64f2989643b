import { expect, test } from "vitest";
import { generatedFiles, outdated } from "./files.ts";
import { identityOf } from "./identity.ts";
import { completed } from "./manifest.ts";
import { renamed } from "./scope.ts";

const identity = {
  scope: "@desk",
  repository: "https://git.example/desk/slipstream",
  version: "1.2.3",
  license: "Apache-2.0",
  author: "Somebody",
};

test("what follows from the root's package.json is current; else run `npm run packages`", () => {
  expect(outdated(generatedFiles()).map(({ path }) => path)).toEqual([]);
});

test("scope, version, repository and license of a package come from the identity", () => {
  const manifest = {
    version: "0.0.1",
    name: "@slipstream/stats",
    description: "Kept",
    exports: { ".": "./dist/index.js" },
    dependencies: { "@desk/conventions": "^0.0.1", zod: "4.0.0" },
    devDependencies: { vitest: "5.1.1" },
  };
  const after = completed(manifest, "packages/stats", identity);
  expect(after).toMatchObject({
    name: "@desk/stats",
    version: "1.2.3",
    description: "Kept",
    license: "Apache-2.0",
    repository: { url: "git+https://git.example/desk/slipstream.git", directory: "packages/stats" },
    exports: { ".": "./dist/index.js", "./package.json": "./package.json" },
    publishConfig: { access: "public" },
    dependencies: { "@desk/conventions": "^1.2.3", zod: "^4.0.0" },
    devDependencies: { vitest: "5.1.1" },
  });
  expect(Object.keys(after).slice(0, 3)).toEqual(["name", "version", "description"]);
});

test("a private package gets no field that only publishing needs", () => {
  const after = completed({ name: "slipstream-faults", private: true }, "faults", identity);
  expect(after).toEqual({
    name: "slipstream-faults",
    version: "1.2.3",
    private: true,
    license: "Apache-2.0",
  });
});

test("a new scope replaces the old one before the names of packages only", () => {
  const text =
    'import "@slipstream/otlp/decode"; "@slipstream/otlp-other"; "@slipstream/stranger"; "x@slipstream/mev"';
  expect(renamed(text, ["otlp", "mev"], "@slipstream", "@desk")).toBe(
    'import "@desk/otlp/decode"; "@slipstream/otlp-other"; "@slipstream/stranger"; "x@desk/mev"',
  );
});

test.each([
  [{ slipstream: { scope: "slipstream" } }, "slipstream.scope"],
  [{ slipstream: { scope: "@desk" }, repository: "git@git.example:desk" }, "repository"],
  [{ slipstream: { scope: "@desk" }, repository: "https://git.example/desk", version: "next" }, "version"],
])("a wrong identity is reported by the field's name", (root, name) => {
  expect(() => identityOf(root)).toThrow(name);
});
