import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Workshop } from "./installation.ts";

/** Where a built program is. */
export function programPath(cache: string, program: string): string {
  return join(cache, "bin", program);
}

/** Whether all programs are there and built by this recipe. */
export function isBuilt(cache: string, programs: readonly string[], recipe: string): boolean {
  const [first = ""] = programs;
  const stamp = stampFile(cache, first);
  return (
    programs.every((program) => existsSync(programPath(cache, program))) &&
    existsSync(stamp) &&
    readFileSync(stamp, "utf8") === recipe
  );
}

/**
 * Builds programs in an empty folder and puts them in place when all are whole. The recipe is written last, so a build that was broken
 * off leaves nothing that looks whole.
 *
 * @param build makes the programs in the folder `bin` of its work folder
 */
export async function buildPrograms(
  workshop: Workshop,
  programs: readonly string[],
  recipe: string,
  build: (work: string) => Promise<void>,
): Promise<void> {
  const { cache } = workshop;
  const [first = ""] = programs;
  const work = join(cache, "build", first);
  await removeTree(workshop, work);
  mkdirSync(join(work, "bin"), { recursive: true });
  await build(work);
  const bin = join(cache, "bin");
  mkdirSync(bin, { recursive: true });
  rmSync(stampFile(cache, first), { force: true });
  for (const program of programs) renameSync(join(work, "bin", program), join(bin, program));
  writeFileSync(stampFile(cache, first), recipe);
  await removeTree(workshop, work);
}

/** Copies a folder of Go's module cache, in which nothing may be written. */
export async function copyModule(workshop: Workshop, from: string, to: string): Promise<void> {
  cpSync(from, to, { recursive: true });
  await workshop.run("chmod", ["-R", "u+w", to]);
}

/** Writes a file, and the folders that lead to it. */
export function writeFileAt(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A copy that was broken off may have folders in which nothing can be deleted. */
async function removeTree(workshop: Workshop, folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  if (readdirSync(folder).length > 0) await workshop.run("chmod", ["-R", "u+w", folder]);
  rmSync(folder, { recursive: true, force: true });
}

function stampFile(cache: string, program: string): string {
  return join(cache, "bin", `${program}.recipe`);
}
