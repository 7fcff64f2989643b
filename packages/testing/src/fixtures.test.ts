import { afterEach, expect, test, vi } from "vitest";
import { fixturePath, fixtureText, readFixture } from "./fixtures.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test("a test without its recorded data is skipped with the reason, and fails with CI=true", () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  vi.stubEnv("CI", "");
  expect(fixturePath("nothing.json")).toBeUndefined();
  expect(log).toHaveBeenCalledWith(expect.stringMatching(/^skipped: .*nothing\.json is not there/));
  vi.stubEnv("CI", "true");
  vi.stubEnv("SLIPSTREAM_FIXTURES", undefined);
  expect(() => fixtureText("nothing.json")).toThrow(/nothing\.json is not there.*SLIPSTREAM_FIXTURES/);
  vi.stubEnv("SLIPSTREAM_FIXTURES", "none");
  expect(fixtureText("nothing.json")).toBeUndefined();
});

test("a file is read from any folder, or is undefined", () => {
  expect(readFixture("package.json", `${import.meta.dirname}/..`)).toContain("@slipstream/testing");
  expect(readFixture("nothing.json")).toBeUndefined();
});
