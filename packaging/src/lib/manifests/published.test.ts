import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { publishedWorkspaces, root } from "./workspace.ts";

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
  engines: z.object({ node: z.enum(["^20.19.0 || >=22.12.0", ">=24.11"]) }),
});

test.each(publishedWorkspaces())("$folder can be published", ({ folder, manifest }) => {
  const { error } = published.safeParse(manifest);
  expect(error === undefined ? "" : z.prettifyError(error)).toBe("");
  expect(existsSync(join(root, folder, "README.md"))).toBe(true);
});

test("what a service imports leaves @opentelemetry/api to the service", () => {
  const peers = publishedWorkspaces().filter(({ manifest }) => "peerDependencies" in manifest);
  expect(peers.map(({ folder }) => folder)).toEqual(["packages/monitor", "packages/telemetry"]);
  for (const { manifest } of peers) {
    expect(manifest.peerDependencies).toEqual({ "@opentelemetry/api": "^1.9.0" });
    expect(manifest.dependencies).not.toHaveProperty("@opentelemetry/api");
  }
});
