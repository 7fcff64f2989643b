import { defineConfig, type ViteUserConfig } from "vitest/config";

const conditions: string[] = ["slipstream-source"];
const shared = { ssr: { resolve: { conditions } } };

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          include: [
            "packages/*/src/**/*.test.ts",
            "accuracy/src/**/*.test.ts",
            "benchmarks/src/**/*.test.ts",
            "faults/src/**/*.test.ts",
            "packaging/src/**/*.test.ts",
          ],
          exclude: ["**/*.servers.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: "servers",
          include: ["packages/*/src/**/*.servers.test.ts", "faults/src/**/*.servers.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});

export default config;
