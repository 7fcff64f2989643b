// Whether dist/ was built from the sources that there are now, so that the command line runs from dist/ in a checkout too: it needs some
// 40 MiB less memory than the sources, whose types Node strips as it loads them.
// Plain JavaScript, for it runs before anything is built.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const root = new URL("../", import.meta.url);
/** Beside what it says something about, and removed with it. */
const stamp = new URL("packages/cli/dist/.built-from", root);

/** Whether dist/ was built from exactly these sources. Dates are not asked: a copy or an older commit may have any. */
export function isBuilt() {
  try {
    return readFileSync(stamp, "utf8") === sourcesHash();
  } catch {
    return false;
  }
}

/** Says that dist/ was built from the sources with this hash. It must have been computed before the build began. */
export function markBuilt(hash) {
  writeFileSync(stamp, hash);
}

export function unmarkBuilt() {
  rmSync(stamp, { force: true });
}

/** A hash of all that dist/ is built from. */
export function sourcesHash() {
  const hash = createHash("sha256");
  const packages = new URL("packages/", root);
  hash.update(readFileSync(new URL("tsconfig.base.json", root)));
  for (const name of readdirSync(packages).sort()) {
    const source = new URL(`${name}/src/`, packages);
    for (const file of sourceFiles(source)) {
      hash.update(`${name}/${file}\n`).update(readFileSync(new URL(file, source)));
    }
  }
  return hash.digest("hex");
}

function sourceFiles(folder) {
  try {
    return readdirSync(folder, { recursive: true }).filter(isBuiltFrom).sort();
  } catch {
    return [];
  }
}

/** Tests are not built. */
function isBuiltFrom(file) {
  return file.endsWith(".ts") && !file.endsWith(".test.ts") && !/(^|[/\\])testing[/\\]/.test(file);
}
