import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Manifest } from "./manifest.ts";

/** The repository's folder. */
export const root: string = fileURLToPath(new URL("../../../../", import.meta.url));

export interface Workspace {
  /** Path in the repository, such as "packages/stats". */
  readonly folder: string;
  readonly manifest: Manifest;
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
}

/** Every workspace of the repository, in the order of their folders. */
export function workspaces(): readonly Workspace[] {
  const { workspaces: patterns } = readManifest(".");
  if (!Array.isArray(patterns)) throw new Error("package.json: workspaces is not a list");
  return globSync(
    patterns.map((pattern) => `${pattern}/package.json`),
    { cwd: root },
  )
    .map((file) => file.slice(0, -"/package.json".length))
    .toSorted()
    .map((folder) => ({ folder, manifest: readManifest(folder) }));
}

/** The workspaces that are published. */
export function publishedWorkspaces(): readonly Workspace[] {
  return workspaces().filter(({ manifest }) => manifest.private !== true);
}

/** Every file under version control, as a path in the repository. */
export function trackedFiles(): readonly string[] {
  return execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8", maxBuffer: 2 ** 26 })
    .split("\0")
    .filter((file) => file !== "");
}
