const form = /^(\d+)\.(\d+)\.(\d+)$/;

/**
 * The version after `current`.
 *
 * @param step "major", "minor", "patch", or a version such as "1.2.3" that is higher
 * @throws Error if the step is none of these
 */
export function nextVersion(current: string, step: string): string {
  const [major, minor, patch] = parts(current);
  if (step === "major") return `${major + 1}.0.0`;
  if (step === "minor") return `${major}.${minor + 1}.0`;
  if (step === "patch") return `${major}.${minor}.${patch + 1}`;
  if (!form.test(step))
    throw new Error(`"${step}" is not allowed; allowed: major, minor, patch, or a version such as 1.2.3`);
  const [a, b, c] = parts(step);
  const higher = a - major || b - minor || c - patch;
  if (higher <= 0) throw new Error(`${step} is not higher than ${current}`);
  return step;
}

/**
 * A changelog in the form of Keep a Changelog in which what was unreleased is this version, and nothing is unreleased.
 *
 * @param date ISO 8601, the day alone
 * @throws Error if there is no section "Unreleased", or nothing in it
 */
export function releasedChangelog(text: string, version: string, date: string): string {
  const heading = "## [Unreleased]\n";
  const start = text.indexOf(heading);
  if (start < 0) throw new Error(`CHANGELOG.md has no section "${heading.trim()}"`);
  const after = text.slice(start + heading.length);
  const end = after.search(/^## /m);
  const changes = end < 0 ? after : after.slice(0, end);
  if (!/^- /m.test(changes)) throw new Error("CHANGELOG.md names no unreleased change");
  return `${text.slice(0, start)}${heading}\n## [${version}] - ${date}\n${after}`;
}

function parts(version: string): [number, number, number] {
  const [, major, minor, patch] = form.exec(version) ?? [];
  if (patch === undefined) throw new Error(`"${version}" is no version such as 1.2.3`);
  return [Number(major), Number(minor), Number(patch)];
}
