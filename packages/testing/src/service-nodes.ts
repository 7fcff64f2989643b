import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cacheFolder } from "slipstream-stack/cache-folder";

/** The oldest of each line that a service may run on; `engines` of the packages names them. */
export const serviceNodes = ["20.19.0", "22.12.0", "24.11.0"] as const;

const run = promisify(execFile);

/** Installs a Node of this version, unless it is there. Returns the folder of its executable. */
export async function installNode(version: string): Promise<string> {
  const folder = join(cacheFolder(), "nodes", version);
  const executable = join(folder, "node_modules", "node", "bin", "node");
  if (!existsSync(executable)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    // Without a name of its own in front, npm would install into the nearest folder with a package.json.
    await run("npm", ["install", `node@${version}`, "--prefix", folder, "--no-audit", "--no-fund"], {
      cwd: folder,
    });
  }
  const { stdout } = await run(executable, ["--version"]);
  if (!stdout.startsWith(`v${version}`)) throw new Error(`${executable} is Node ${stdout.trim()}`);
  return dirname(executable);
}

const root = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * A copy of a package's sources as JavaScript, for Nodes that cannot run TypeScript, in a folder from which they find other packages.
 * Those come from their `dist`.
 *
 * @param folder of the package, below `packages`
 */
export function asJavaScript(folder: string): { readonly folder: string; remove(): void } {
  const source = join(root, "packages", folder, "src");
  const cache = join(root, "node_modules", ".slipstream-js");
  mkdirSync(cache, { recursive: true });
  const made = mkdtempSync(join(cache, `${folder}-`));
  writeFileSync(join(made, "package.json"), '{"type":"module"}');
  for (const file of readdirSync(source, { recursive: true, encoding: "utf8" })) {
    if (!/\.[cm]?ts$/.test(file) || file.endsWith(".test.ts")) continue;
    const target = join(made, file.replace(/ts$/, "js"));
    mkdirSync(dirname(target), { recursive: true });
    const code = stripTypeScriptTypes(readFileSync(join(source, file), "utf8"));
    writeFileSync(target, code.replaceAll(/(\bfrom |\bimport |\bimport\()"(\.[^"]*)\.ts"/g, '$1"$2.js"'));
  }
  return { folder: made, remove: () => rmSync(made, { recursive: true, force: true }) };
}
