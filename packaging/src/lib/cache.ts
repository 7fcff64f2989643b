import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "slipstream-stack/cache-folder";
import { run } from "./run.ts";

/** Installs the tools that check packages and write `docs/api.md`, unless they are there. Returns their folder. */
export async function installTools(): Promise<string> {
  const source = fileURLToPath(new URL("../../tools/", import.meta.url));
  const folder = join(cacheFolder(), "packaging-tools");
  const lock = "package-lock.json";
  if (
    existsSync(join(folder, "node_modules", ".package-lock.json")) &&
    same(join(source, lock), join(folder, lock))
  ) {
    return folder;
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of ["package.json", lock]) cpSync(join(source, file), join(folder, file));
  await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder });
  return folder;
}

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

function same(one: string, other: string): boolean {
  return existsSync(other) && readFileSync(one, "utf8") === readFileSync(other, "utf8");
}
