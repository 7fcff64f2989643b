import { expect, test } from "vitest";
import { GO_VERSION, goProblem, isAtLeast, javaProblem } from "./toolchains.ts";

test("versions are compared number by number", () => {
  expect(isAtLeast("1.26.8", "1.26.0")).toBe(true);
  expect(isAtLeast("1.26", "1.26.0")).toBe(true);
  expect(isAtLeast("1.9.9", "1.26.0")).toBe(false);
  expect(isAtLeast("2.0", "1.26.0")).toBe(true);
  expect(isAtLeast("1.25.11", "1.26.0")).toBe(false);
});

test("a Go that is missing or too old is a problem that names the version that is needed", () => {
  for (const problem of [
    goProblem(undefined, ""),
    goProblem("go1.19.8", "auto"),
    goProblem("go1.24.4", "local"),
  ]) {
    expect(problem).toContain(GO_VERSION);
  }
});

test("a Go that is new enough, or fetches what modules ask for by itself, is none", () => {
  expect(goProblem(`go${GO_VERSION}`, "local")).toBeUndefined();
  expect(goProblem("go1.27rc1", "local")).toBeUndefined();
  expect(goProblem("go1.24.4", "auto")).toBeUndefined();
});

test("Java: 17 or later", () => {
  expect(javaProblem(undefined)).toContain("default-jre-headless");
  expect(javaProblem('openjdk version "11.0.20" 2023-07-18\nmore')).toContain("too old");
  expect(javaProblem('openjdk version "17.0.15" 2025-04-15')).toBeUndefined();
  expect(javaProblem('openjdk version "21" 2023-09-19')).toBeUndefined();
});
