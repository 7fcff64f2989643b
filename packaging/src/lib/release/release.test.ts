import { describe, expect, test } from "vitest";
import { nextVersion, releasedChangelog } from "./release.ts";

describe("the next version", () => {
  test.each([
    ["major", "1.0.0"],
    ["minor", "0.10.0"],
    ["patch", "0.9.4"],
    ["0.9.10", "0.9.10"],
    ["2.0.0", "2.0.0"],
  ])("%s after 0.9.3 is %s", (step, next) => {
    expect(nextVersion("0.9.3", step)).toBe(next);
  });

  test.each(["", "0.9.3", "0.9.2", "next", "1.0", "v1.0.0"])("%j is refused", (step) => {
    expect(() => nextVersion("0.9.3", step)).toThrow(step);
  });
});

describe("the changelog of a release", () => {
  const text = "# Changelog\n\n## [Unreleased]\n### Added\n- A thing.\n\n## [0.1.0] - 2026-01-02\n- First.\n";

  test("has what was unreleased under its version, and an empty section above", () => {
    expect(releasedChangelog(text, "0.2.0", "2026-11-29")).toBe(
      "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-11-29\n### Added\n- A thing.\n\n" +
        "## [0.1.0] - 2026-01-02\n- First.\n",
    );
  });

  test("is refused if nothing has changed, or there is no place for it", () => {
    const once = releasedChangelog(text, "0.2.0", "2026-11-29");
    expect(() => releasedChangelog(once, "0.3.0", "2026-11-30")).toThrow("no unreleased change");
    expect(() => releasedChangelog("# Changelog\n", "0.2.0", "2026-11-29")).toThrow("no section");
  });
});
