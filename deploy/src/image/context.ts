import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join, matchesGlob } from "node:path";

/** Copies what `COPY . .` brings from a fresh clone: files under version control that .dockerignore does not leave out. */
export function copyContext(context: string, to: string): void {
  const left = readFileSync(join(context, ".dockerignore"), "utf8")
    .split("\n")
    .filter((line) => /^[^#]/.test(line));
  const again = left.filter((pattern) => pattern.startsWith("!"));
  if (again.length > 0) throw new Error(`Not supported in .dockerignore: ${again.join(" ")}`);
  for (const file of trackedFiles(context)) {
    if (!isLeftOut(file, left)) cpSync(join(context, file), join(to, file), { verbatimSymlinks: true });
  }
}

/** Without those that are deleted in the work tree. */
function trackedFiles(context: string): readonly string[] {
  const listed = execFileSync("git", ["ls-files", "-z"], { cwd: context, encoding: "utf8" });
  return listed.split("\0").filter((file) => file !== "" && existsSync(join(context, file)));
}

/** A pattern that matches a folder leaves out all that is in it. */
function isLeftOut(file: string, patterns: readonly string[]): boolean {
  const parts = file.split("/");
  const paths = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
  return patterns.some((pattern) => paths.some((path) => matchesGlob(path, pattern)));
}
