import { expect, test } from "vitest";
import { collectorVersion } from "./collector-build.ts";

test("the Collector's version is that of builder.yaml", () => {
  expect(collectorVersion()).toMatch(/^\d+\.\d+\.\d+$/);
  expect(collectorVersion("dist:\n  name: x\n  version: 0.1.2\n  output_path: y\n")).toBe("0.1.2");
  expect(() => collectorVersion("receivers: []\n")).toThrow("dist.version");
});
