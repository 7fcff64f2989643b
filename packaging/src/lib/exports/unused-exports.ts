import { readFileSync } from "node:fs";
import { join } from "node:path";
import { publishedWorkspaces, root, trackedFiles } from "../manifests/workspace.ts";
import { exportedNames, takenNames } from "./module-names.ts";

/** Their whole index is for users, and documented in `docs/api.md`. */
const forUsers: ReadonlySet<string> = new Set(["packages/telemetry", "packages/monitor", "packages/cli"]);

/** It is no library: it exports no type either that nobody needs. */
const strict: ReadonlySet<string> = new Set(["packages/aggregator"]);

/**
 * Exported names that no other package imports and the package's README does not use, each as "@slipstream/stats: name".
 * A library may export the types of what it exports.
 */
export function unusedExports(): readonly string[] {
  const sources = trackedFiles()
    .filter((file) => file.endsWith(".ts"))
    .map((file) => ({ file, taken: takenNames(read(file)) }));
  return publishedWorkspaces().flatMap(({ folder, manifest: { name, exports } }) => {
    const entries = Object.entries(exports as Readonly<Record<string, unknown>>);
    return entries.flatMap(([path, target]) => {
      const file = sourceOf(target);
      if (file === undefined || (path === "." && forUsers.has(folder))) return [];
      const specifier = `${name}${path.slice(1)}`;
      const used = new Set(
        sources
          .filter((source) => !source.file.startsWith(`${folder}/`))
          .flatMap(({ taken }) => taken.filter(({ from }) => from === specifier).map(({ name }) => name)),
      );
      if (used.has("*")) return [];
      const readme = read(join(folder, "README.md"));
      return exportedNames(read(join(folder, file)))
        .filter(({ name, isType }) => !used.has(name) && (!isType || strict.has(folder)))
        .filter(({ name }) => !new RegExp(`\\b${name}\\b`).test(readme))
        .map((each) => `${specifier}: ${each.name}`);
    });
  });
}

function sourceOf(target: unknown): string | undefined {
  if (typeof target !== "object" || target === null || !("slipstream-source" in target)) return undefined;
  return String(target["slipstream-source"]);
}

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}
