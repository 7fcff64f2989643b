import { SlowFilesReporter } from "@slipstream/testing/slow-files-reporter";
import { defineConfig, type TestProjectInlineConfiguration, type ViteUserConfig } from "vitest/config";

const folders = [
  "packages/*/src",
  "accuracy/src",
  "benchmarks/src",
  "deploy/src",
  "examples/*/src",
  "faults/src",
  "grafana/src",
  "packaging/src",
  "stack/src",
];

/** The tests with `.kind` in their names; without a kind, those with none. */
function project(
  name: string,
  kind: "integration" | "servers" | "stack" | undefined,
  timeoutMs: number,
  maxWorkers: number,
): TestProjectInlineConfiguration {
  return {
    ssr: { resolve: { conditions: ["slipstream-source"] } },
    test: {
      name,
      include: folders.map((folder) => `${folder}/**/*.${kind === undefined ? "" : `${kind}.`}test.ts`),
      exclude:
        kind === undefined ? ["integration", "servers", "stack"].map((kind) => `**/*.${kind}.test.ts`) : [],
      expect: { requireAssertions: true },
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
      maxWorkers,
      // What is loaded by `require` comes from the sources too.
      execArgv: ["--conditions=slipstream-source"],
      sequence: { groupOrder: ["unit", "integration", "servers", "stack"].indexOf(name) },
    },
  };
}

const config: ViteUserConfig = defineConfig({
  test: {
    reporters: ["default", new SlowFilesReporter({ project: "unit", limitMs: 5_000 })],
    projects: [
      project("unit", undefined, 60_000, 2),
      project("integration", "integration", 120_000, 2),
      project("servers", "servers", 180_000, 1),
      project("stack", "stack", 300_000, 1),
    ],
  },
});

export default config;
