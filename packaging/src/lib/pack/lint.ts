import { join } from "node:path";
import { run } from "../run.ts";
import type { Tarball } from "./tarballs.ts";

/**
 * Checks a tarball with publint and "Are the types wrong?".
 *
 * The packages are ES modules. "cjs-resolves-to-esm" is about Nodes that cannot require one, which they do not
 * support; that `require` works on those that they do support is tried by running it.
 *
 * @param tools folder of the installed tools
 * @throws Error with what they found
 */
export async function lintTarball({ file }: Tarball, tools: string): Promise<void> {
  const program = (name: string) => join(tools, "node_modules", ".bin", name);
  await run(program("publint"), ["run", file, "--strict"]);
  await run(program("attw"), [file, "--ignore-rules", "cjs-resolves-to-esm"]);
}
