import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Identity, identityOf } from "./identity.ts";
import { completed, completedRoot, type Manifest } from "./manifest.ts";
import { renamed } from "./scope.ts";
import { publishedWorkspaces, readManifest, root, trackedFiles, workspaces } from "./workspace.ts";

/** A file that follows from the root's `package.json`, with the text that it should have. */
export interface GeneratedFile {
  /** Path in the repository. */
  readonly path: string;
  readonly text: string;
}

/** Every file that follows from the identity in the root's `package.json`. */
export function generatedFiles(): readonly GeneratedFile[] {
  const identity = identityOf(readManifest("."));
  return [...renamedFiles(identity), ...manifests(identity), ...licenses(), version(identity)];
}

/** The files whose text is not what it should be. */
export function outdated(files: readonly GeneratedFile[]): readonly GeneratedFile[] {
  return files.filter(({ path, text }) => readText(path) !== text);
}

function manifests(identity: Identity): readonly GeneratedFile[] {
  const rename = renamer(identity);
  const file = (path: string, manifest: Manifest): GeneratedFile => ({
    path,
    text: `${JSON.stringify(manifest, null, 2)}\n`,
  });
  const renamedManifest = (manifest: Manifest): Manifest => JSON.parse(rename(JSON.stringify(manifest)));
  return [
    file("package.json", completedRoot(renamedManifest(readManifest(".")), identity)),
    ...workspaces().map(({ folder, manifest }) =>
      file(`${folder}/package.json`, completed(renamedManifest(manifest), folder, identity)),
    ),
  ];
}

/** npm puts a package's own LICENSE into its tarball and no other. */
function licenses(): readonly GeneratedFile[] {
  const text = readText("LICENSE") ?? "";
  return publishedWorkspaces().map(({ folder }) => ({ path: `${folder}/LICENSE`, text }));
}

function version({ version }: Identity): GeneratedFile {
  return {
    path: "packages/conventions/src/lib/version.ts",
    text: `/** Version of all Slipstream packages. Written by \`npm run packages\`. */\nexport const VERSION = "${version}";\n`,
  };
}

/** Imports, docs and settings that name a package by its scope; nothing if the scope has not changed. */
function renamedFiles(identity: Identity): readonly GeneratedFile[] {
  const rename = renamer(identity);
  return trackedFiles()
    .filter((path) => /\.(?:ts|js|json|md|yml|yaml|grit)$|^\.ci\//.test(path))
    .filter((path) => !path.endsWith("package.json") && !path.startsWith("packaging/src/lib/manifests/"))
    .flatMap((path) => {
      const before = readText(path);
      const text = before === undefined ? undefined : rename(before);
      return text === undefined || text === before ? [] : [{ path, text }];
    });
}

function renamer({ scope }: Identity): (text: string) => string {
  const packages = workspaces().filter(({ folder }) => folder.startsWith("packages/"));
  const folders = packages.map(({ folder }) => folder.slice("packages/".length));
  const name = String(readManifest("packages/conventions").name);
  const from = name.slice(0, name.indexOf("/"));
  return from === scope ? (text) => text : (text) => renamed(text, folders, from, scope);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return undefined;
  }
}
