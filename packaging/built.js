// Whether dist/ was built from the sources that are there, so that the command line can run from dist/ in a checkout too. Run from the
// sources, whose types Node removes as it loads them, it takes some 40 MiB more.
// Plain JavaScript, because it runs before anything is built.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/** Holds the hash of the sources that dist/ was built from. Git and npm leave it out. */
const STAMP = "node_modules/.slipstream-built-from";

/**
 * Whether each dist/ was built from exactly these sources. Their dates are not asked: those of a copy, or of an older commit, say
 * nothing.
 * @param {string} root of the checkout
 */
export function isBuilt(root) {
  try {
    const builtFrom = readFileSync(join(root, STAMP), "utf8");
    return builtFrom === sourcesHash(root) && packagesOf(root).every(hasOutput);
  } catch {
    return false;
  }
}

/**
 * Builds, and notes what from.
 * @param {string} root of the checkout
 * @param {() => number} build its exit code
 */
export function markBuilt(root, build) {
  // A build that fails, or is ended, leaves some of the old output and some of the new.
  rmSync(join(root, STAMP), { force: true });
  // Before the build: what is edited while it runs is not in it for certain.
  const hash = sourcesHash(root);
  const code = build();
  if (code === 0) {
    mkdirSync(join(root, "node_modules"), { recursive: true });
    writeFileSync(join(root, STAMP), hash);
  }
  return code;
}

/** Of everything that is built. */
function sourcesHash(root) {
  const hash = createHash("sha256").update(readFileSync(join(root, "tsconfig.base.json")));
  for (const folder of packagesOf(root)) {
    for (const file of sourcesOf(folder)) {
      const path = join(folder, "src", file);
      const content = readFileSync(path);
      hash.update(`${relative(root, path)} ${content.length}\n`).update(content);
    }
  }
  return hash.digest("hex");
}

/** Folders of the packages that are built. */
function packagesOf(root) {
  return readdirSync(join(root, "packages"))
    .sort()
    .map((name) => join(root, "packages", name))
    .filter((folder) => existsSync(join(folder, "tsconfig.build.json")));
}

function sourcesOf(folder) {
  return readdirSync(join(folder, "src"), { recursive: true }).filter(isSource).sort();
}

/** Whether no output of its sources was deleted, and none is empty, as after a power failure. */
function hasOutput(folder) {
  return sourcesOf(folder).every((file) => {
    const output = join(folder, "dist", file.replace(/\.ts$/, ".js"));
    return (statSync(output, { throwIfNoEntry: false })?.size ?? 0) > 0;
  });
}

/** Tests, and what makes the docs, are not built (tsconfig.build.json of each package). */
function isSource(file) {
  return (
    file.endsWith(".ts") &&
    !file.endsWith(".test.ts") &&
    !/(^|[/\\])((testing|docs)[/\\]|docs\.main\.ts$)/.test(file)
  );
}
