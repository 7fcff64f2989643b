import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { publishedWorkspaces, root } from "../manifests/workspace.ts";
import { run } from "../run.ts";
import { type Contents, contentFaults } from "./contents.ts";

export interface Tarball {
  /** Name of its package. */
  readonly name: string;
  readonly file: string;
}

/** Builds every published package from nothing and packs it into `folder`. */
export async function packAll(folder: string): Promise<readonly Tarball[]> {
  const published = publishedWorkspaces();
  // A file of an earlier build would be packed too.
  for (const workspace of published)
    rmSync(join(root, workspace.folder, "dist"), { recursive: true, force: true });
  await run("npm", ["run", "build"], { cwd: root });
  const names = published.flatMap((workspace) => ["--workspace", workspace.folder]);
  await run("npm", ["pack", "--pack-destination", folder, ...names], { cwd: root });
  return published.map(({ manifest: { name, version } }) => ({
    name: String(name),
    file: join(folder, `${String(name).replace("@", "").replace("/", "-")}-${version}.tgz`),
  }));
}

/** @throws Error if a tarball lacks a file or holds one that it should not; it lists all of them. */
export async function checkContents(tarballs: readonly Tarball[], folder: string): Promise<void> {
  const faults: string[] = [];
  for (const { name, file } of tarballs) {
    const unpacked = join(folder, "unpacked");
    rmSync(unpacked, { recursive: true, force: true });
    await run("mkdir", ["-p", unpacked]);
    await run("tar", ["-xzf", file, "-C", unpacked, "--strip-components", "1"]);
    faults.push(...contentFaults(read(unpacked)).map((fault) => `${name}: ${fault}`));
  }
  if (faults.length > 0) throw new Error(faults.join("\n"));
}

function read(folder: string): Contents {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]));
}
