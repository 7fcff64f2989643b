import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedFiles, outdated } from "./lib/manifests/files.ts";
import { root } from "./lib/manifests/workspace.ts";
import { run } from "./lib/run.ts";

/**
 * Writes what follows from the root's `package.json`: `npm run packages`. Then the lock file follows, and the order of
 * imports, which a new scope may change. With `--check` it only reports.
 */
const stale = outdated(generatedFiles());
if (process.argv.includes("--check")) {
  for (const { path } of stale) console.error(`${path} is not current. Run \`npm run packages\`.`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const { path, text } of stale) {
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
  if (stale.length > 0) {
    await run("npm", ["install"], { cwd: root });
    await run("npm", ["run", "format"], { cwd: root });
  }
}
