// Writes the programs of a package into its dist/: one file for each entry, and files for what entries share or load later. Files
// of their own for each module took three times as long to load, and 8 MiB more memory in an aggregator (docs/performance.md).
// Packages stay apart: one imports another by its name. Plain JavaScript, because it runs before anything is built.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { rolldown } from "rolldown";

/**
 * @param {string} folder of the package
 * @throws Error if a source cannot be read as TypeScript, or imports a file that is not there
 */
export async function bundlePackage(folder) {
  const bundle = await rolldown({
    input: entriesOf(folder),
    cwd: folder,
    platform: "node",
    external: (name) => !name.startsWith(".") && !name.startsWith("/"),
    tsconfig: false,
    transform: { target: "es2023" },
  });
  try {
    const { output } = await bundle.generate({
      dir: join(folder, "dist"),
      format: "esm",
      entryFileNames: "[name].js",
      // An older Node must be told what is wrong before anything fails. Other files would be loaded first.
      banner: ({ isEntry, facadeModuleId }) => (isEntry && facadeModuleId ? firstImport(facadeModuleId) : ""),
      // No folder: a thread's module is found beside the file that starts it (aggregator/threads/start-thread.ts).
      chunkFileNames: "[name].js",
      comments: false,
      sourcemap: true,
      // They are published too.
      sourcemapExcludeSources: true,
    });
    write(join(folder, "dist"), output);
  } finally {
    await bundle.close();
  }
}

/**
 * What is imported, started or run by itself, by its name in dist/: what package.json exports, threads, loaders and programs.
 * @returns {Record<string, string>}
 */
function entriesOf(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const exported = Object.values(exports).flatMap(
    (target) => target["slipstream-source"]?.slice("./src/".length) ?? [],
  );
  const started = readdirSync(join(folder, "src"), { recursive: true })
    .filter((path) => /\.(worker|main|loader)\.ts$/.test(path))
    .filter((path) => !/(^|[/\\])(testing[/\\]|docs\.main\.ts$)/.test(path));
  return Object.fromEntries([
    ...exported.map((path) => [withoutExtension(path), join(folder, "src", path)]),
    ...started.map((path) => [withoutExtension(path).replace(/^.*[/\\]/, ""), join(folder, "src", path)]),
  ]);
}

function withoutExtension(path) {
  return path.replace(/\.ts$/, "");
}

/** An import for its effect, with which a module begins; else nothing. */
function firstImport(module) {
  return /^(?:\/\/.*\n|\/\*[\s\S]*?\*\/\n)*(import "[^"]+";)/.exec(readFileSync(module, "utf8"))?.[1] ?? "";
}

/** Programs of an earlier build go, since a file of dist/ is published. */
function write(dist, output) {
  for (const path of readdirIfThere(dist)) if (/\.js(\.map)?$/.test(path)) rmSync(join(dist, path));
  for (const file of output) {
    const path = join(dist, file.fileName);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.type === "chunk" ? inLatin1(file.code) : file.source);
  }
}

function readdirIfThere(folder) {
  try {
    return readdirSync(folder, { recursive: true });
  } catch {
    return [];
  }
}

/** Text with any other character takes two bytes for each in memory. In a program they are in strings, where an escape means the same. */
function inLatin1(code) {
  return code.replace(/[^\0-\xff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
