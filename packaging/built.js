// Whether dist/ was built from the sources that are there, so that the command line can run from dist/ in a checkout too. Run from the
// sources, whose types Node removes as it loads them, it takes some 40 MiB more.
// Plain JavaScript, because it runs before anything is built.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/** Says what dist/ was built from, and which programs are in it. Git and npm leave it out. */
const STAMP = "node_modules/.slipstream-built-from";

/**
 * Whether each dist/ was built from exactly these sources. Their dates are not asked: those of a copy, or of an older commit, say
 * nothing.
 * @param {string} root of the checkout
 */
export function isBuilt(root) {
  try {
    const { builtFrom, programs } = JSON.parse(readFileSync(join(root, STAMP), "utf8"));
    const isWhole = ([path, bytes]) => sizeOf(join(root, path)) === bytes;
    return Object.entries(programs).every(isWhole) && builtFrom === sourcesHash(root);
  } catch {
    return false;
  }
}

/**
 * Builds, and notes what from.
 * @param {string} root of the checkout
 * @param {() => Promise<number>} build its exit code
 * @returns {Promise<number>} that code
 */
export async function markBuilt(root, build) {
  // A build that fails, or is ended, leaves some of the old output and some of the new.
  rmSync(join(root, STAMP), { force: true });
  // Before the build: what is edited while it runs is not in it for certain.
  const builtFrom = sourcesHash(root);
  const code = await build();
  if (code === 0) {
    mkdirSync(join(root, "node_modules"), { recursive: true });
    writeFileSync(join(root, STAMP), JSON.stringify({ builtFrom, programs: programsOf(root) }));
  }
  return code;
}

/** Of everything that is built, and of what says how. */
function sourcesHash(root) {
  const hash = createHash("sha256").update(readFileSync(join(root, "packaging/bundle.js")));
  for (const folder of packagesOf(root)) {
    for (const file of sourcesOf(folder)) {
      const path = join(folder, "src", file);
      const content = readFileSync(path);
      hash.update(`${relative(root, path)} ${content.length}\n`).update(content);
    }
  }
  return hash.digest("hex");
}

/**
 * Folders of the packages that are built.
 * @param {string} root of the checkout
 * @returns {string[]}
 */
export function packagesOf(root) {
  return readdirSync(join(root, "packages"))
    .sort()
    .map((name) => join(root, "packages", name))
    .filter((folder) => existsSync(join(folder, "tsconfig.build.json")));
}

function sourcesOf(folder) {
  return readdirSync(join(folder, "src"), { recursive: true }).filter(isSource).sort();
}

/** Bytes of each program, by its path in the checkout. */
function programsOf(root) {
  const paths = packagesOf(root).flatMap((folder) => {
    const dist = join(folder, "dist");
    return readdirSync(dist, { recursive: true }).map((path) => relative(root, join(dist, path)));
  });
  const programs = paths.filter((path) => path.endsWith(".js"));
  return Object.fromEntries(programs.map((path) => [path, statSync(join(root, path)).size]));
}

/** Undefined if it is not there. Less than was written is what a power failure leaves. */
function sizeOf(file) {
  return statSync(file, { throwIfNoEntry: false })?.size;
}

/** Tests, and what makes the docs, are not built (tsconfig.build.json of each package). */
function isSource(file) {
  return (
    file.endsWith(".ts") &&
    !file.endsWith(".test.ts") &&
    !/(^|[/\\])((testing|docs)[/\\]|docs\.main\.ts$)/.test(file)
  );
}
