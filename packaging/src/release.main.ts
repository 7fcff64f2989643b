import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedFiles } from "./lib/manifests/files.ts";
import { readManifest, root } from "./lib/manifests/workspace.ts";
import { nextVersion, releasedChangelog } from "./lib/release/release.ts";
import { run } from "./lib/run.ts";

/**
 * Makes a release: `npm run release -- major|minor|patch|VERSION`. It writes the version into every manifest, dates the
 * changelog, commits and tags. It pushes and publishes nothing.
 */
const git = (...args: readonly string[]) => run("git", args, { cwd: root });

const { stdout: changes } = await git("status", "--porcelain");
if (changes !== "") throw new Error(`There are changes that are not committed:\n${changes}`);

const manifest = readManifest(".");
const version = nextVersion(String(manifest.version), process.argv[2] ?? "");
const changelog = join(root, "CHANGELOG.md");
const date = new Date().toISOString().slice(0, 10);
const dated = releasedChangelog(readFileSync(changelog, "utf8"), version, date);

writeFileSync(changelog, dated);
writeFileSync(join(root, "package.json"), `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);
for (const { path, text } of generatedFiles()) writeFileSync(join(root, path), text);
await run("npm", ["install", "--package-lock-only", "--ignore-scripts"], { cwd: root });
await git("commit", "--all", "--message", `Release ${version}`);
await git("tag", "--annotate", `v${version}`, "--message", `Slipstream ${version}`);
console.log(`Made v${version}. To publish it:
  git push --follow-tags
  npm run test:packages
  npm run tarballs -- packed
  for tarball in packed/*.tgz; do npm publish "$tarball"; done`);
