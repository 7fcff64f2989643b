import { existsSync } from "node:fs";
import { cacheFolder } from "./cache-folder.ts";
import { programPath } from "./install/built-program.ts";

/**
 * Where a program is that `npm run stack -- install` built.
 *
 * @throws Error that says how it comes there
 */
export function installedProgram(program: string): string {
  const path = programPath(cacheFolder(), program);
  if (existsSync(path)) return path;
  throw new Error(`${path} is missing: npm run stack -- install brings it.`);
}
