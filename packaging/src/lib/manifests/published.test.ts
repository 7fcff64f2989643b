import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { publishedWorkspaces, root } from "./workspace.ts";

/** The Nodes that a trading service may run on. */
const service = "^20.19.0 || >=22.12.0";

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({ engines: z.looseObject({ node: z.string().optional() }).optional() }),
  ),
});

const target = z.union([
  z.literal("./package.json"),
  z.strictObject({
    "slipstream-source": z.string().regex(/^\.\/src\/.*\.ts$/),
    types: z.string().regex(/^\.\/dist\/.*\.d\.ts$/),
    default: z.string().regex(/^\.\/dist\/.*\.js$/),
  }),
]);

const published = z.looseObject({
  description: z.string().min(20),
  keywords: z.array(z.string()).min(3),
  sideEffects: z.union([z.literal(false), z.array(z.string())]),
  // An export of sources alone would lead strangers nowhere.
  exports: z.record(z.string(), target),
  // Without it, the tarball says that it needs Node 24.
  engines: z.object({ node: z.literal(service) }).optional(),
});

const built = z.looseObject({ references: z.array(z.object({ path: z.string() })).optional() });

test.each(publishedWorkspaces())("$folder can be published", ({ folder, manifest }) => {
  const { error } = published.safeParse(manifest);
  expect(error === undefined ? "" : z.prettifyError(error)).toBe("");
  expect(existsSync(join(root, folder, "README.md"))).toBe(true);
});

test.each(publishedWorkspaces())(
  "the compiler builds what $folder depends on first",
  ({ folder, manifest }) => {
    const { references = [] } = built.parse(
      JSON.parse(readFileSync(join(root, folder, "tsconfig.build.json"), "utf8")),
    );
    const scope = /^@slipstream\//;
    const needed = Object.keys(manifest.dependencies ?? {}).filter((name) => scope.test(name));
    expect(references.map(({ path }) => path).toSorted()).toEqual(
      needed.map((name) => `../${name.replace(scope, "")}/tsconfig.build.json`).toSorted(),
    );
  },
);

test("npm ci on Node 20 warns of none of our packages: what needs Node 24 says so in the tarball alone", () => {
  const { packages } = lockFile.parse(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")));
  const ours = Object.entries(packages).filter(([path]) => !path.includes("node_modules/"));
  expect(ours.length).toBeGreaterThan(10);
  const others = ours.filter(([, { engines }]) => engines !== undefined && engines.node !== service);
  expect(others.map(([path]) => path)).toEqual([]);
});

test("what a service imports leaves @opentelemetry/api to the service", () => {
  const peers = publishedWorkspaces().filter(({ manifest }) => "peerDependencies" in manifest);
  expect(peers.map(({ folder }) => folder)).toEqual(["packages/monitor", "packages/telemetry"]);
  for (const { manifest } of peers) {
    expect(manifest.peerDependencies).toEqual({ "@opentelemetry/api": "^1.9.0" });
    expect(manifest.dependencies).not.toHaveProperty("@opentelemetry/api");
  }
});
