import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Manifest } from "../manifests/manifest.ts";
import { publishedWorkspaces, root } from "../manifests/workspace.ts";
import { run } from "../run.ts";
import { commonJsDeclaration } from "./common-js.ts";
import { type Contents, contentFaults } from "./contents.ts";
import { commonJsPrograms, publishedManifest } from "./published-manifest.ts";

export interface Tarball {
  /** Name of its package. */
  readonly name: string;
  readonly file: string;
}

/** Builds every published package from nothing and packs it into `folder`, as it is published. */
export async function packAll(folder: string): Promise<readonly Tarball[]> {
  const published = publishedWorkspaces();
  // A file of an earlier build would be packed too.
  for (const workspace of published)
    rmSync(join(root, workspace.folder, "dist"), { recursive: true, force: true });
  await run("npm", ["run", "build"], { cwd: root });
  const names = published.flatMap((workspace) => ["--workspace", workspace.folder]);
  const staging = mkdtempSync(join(tmpdir(), "slipstream-staging-"));
  try {
    await run("npm", ["pack", "--pack-destination", staging, ...names], { cwd: root });
    const staged: string[] = [];
    for (const { manifest } of published) {
      const unpacked = `unpacked-${staged.length}`;
      mkdirSync(join(staging, unpacked));
      await run("tar", ["-xzf", fileOf(manifest), "-C", unpacked], { cwd: staging });
      makePublished(join(staging, unpacked, "package"));
      staged.push(`./${unpacked}/package`);
    }
    await run("npm", ["pack", "--pack-destination", folder, ...staged], { cwd: staging });
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return published.map(({ manifest }) => ({
    name: String(manifest.name),
    file: join(folder, fileOf(manifest)),
  }));
}

function fileOf({ name, version }: Manifest): string {
  return `${String(name).replace("@", "").replace("/", "-")}-${version}.tgz`;
}

/** Gives an unpacked package the manifest with which it is published, and what CommonJS finds by that. */
function makePublished(folder: string): void {
  const file = join(folder, "package.json");
  const manifest = publishedManifest(JSON.parse(readFileSync(file, "utf8")));
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  for (const declaration of globSync("dist/**/*.d.ts", { cwd: folder })) {
    const text = readFileSync(join(folder, declaration), "utf8");
    writeFileSync(join(folder, declaration.replace(/ts$/, "cts")), commonJsDeclaration(text));
  }
  for (const program of commonJsPrograms(manifest)) {
    const own = join(folder, "src", basename(program));
    const module = basename(program).replace(/cjs$/, "js");
    writeFileSync(
      join(folder, program),
      existsSync(own) ? readFileSync(own, "utf8") : `module.exports = require("./${module}");\n`,
    );
  }
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
