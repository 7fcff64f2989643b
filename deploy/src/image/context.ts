import { execFileSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { join, matchesGlob } from "node:path";
import { inRepository, textOf } from "../testing/repository.ts";

/** Copies what `COPY . .` brings from a fresh clone: files under version control that .dockerignore does not leave out. */
export function copyContext(to: string): void {
  const left = textOf(".dockerignore")
    .split("\n")
    .filter((line) => /^[^#]/.test(line));
  const again = left.filter((pattern) => pattern.startsWith("!"));
  if (again.length > 0) throw new Error(`Not supported in .dockerignore: ${again.join(" ")}`);
  for (const file of trackedFiles()) {
    if (!isLeftOut(file, left)) cpSync(inRepository(file), join(to, file), { verbatimSymlinks: true });
  }
}

/** Without those that are deleted in the work tree. */
function trackedFiles(): readonly string[] {
  const listed = execFileSync("git", ["ls-files", "-z"], { cwd: inRepository(), encoding: "utf8" });
  return listed.split("\0").filter((file) => file !== "" && existsSync(inRepository(file)));
}

/** A pattern that matches a folder leaves out all that is in it. */
function isLeftOut(file: string, patterns: readonly string[]): boolean {
  const parts = file.split("/");
  const paths = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
  return patterns.some((pattern) => paths.some((path) => matchesGlob(path, pattern)));
}
