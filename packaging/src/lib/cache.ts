import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
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

function same(one: string, other: string): boolean {
  return existsSync(other) && readFileSync(one, "utf8") === readFileSync(other, "utf8");
}
