import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { ConfigError } from "@slipstream/config";

export const FILE_NAME = "slipstream.config.ts";
/** A file that takes longer to load is given up. */
export const MOST_LOADING_MS = 10_000;

/**
 * What the file exports; undefined if no file was named and there is none.
 * @param importFile gives the default export of a file
 * @throws ConfigError
 */
export async function readFile(
  path: string,
  named: string | undefined,
  importFile: (path: string) => Promise<unknown>,
): Promise<unknown> {
  if (named?.trim() === "") throw new ConfigError("config", "config is empty; allowed: the path of a file");
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    if (named === undefined) return undefined;
    throw new ConfigError("config", `config = ${named}: there is no such file`);
  }
  const origin = named ?? FILE_NAME;
  if (found.isDirectory()) throw new ConfigError("config", `config = ${origin}: this is a folder`);
  let value: unknown;
  try {
    value = await importFile(path);
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ").trim();
    const hint = reason.includes("'@slipstream/cli'")
      ? "; install it (npm install --save-dev @slipstream/cli), or export a plain object without defineConfig"
      : "";
    throw new ConfigError("config", `${origin} cannot be loaded: ${reason}${hint}`);
  }
  if (value === undefined) {
    throw new ConfigError(
      "config",
      `${origin} has no default export; write: export default defineConfig({ ... })`,
    );
  }
  return value;
}

/** The default export of a module. Rejects if loading it never ends, because of a top-level `await` in it. */
export async function importFile(path: string): Promise<unknown> {
  let end = (): void => undefined;
  const never = new Promise<never>((_, reject) => {
    // With nothing left to do, Node would exit with code 13 and without a word.
    const onIdle = (): void => reject(new Error("a top-level await in it never ends"));
    const timer = setTimeout(
      () => reject(new Error(`a top-level await in it has not ended after ${MOST_LOADING_MS / 1_000} s`)),
      MOST_LOADING_MS,
    );
    timer.unref();
    process.once("beforeExit", onIdle);
    end = () => {
      clearTimeout(timer);
      process.off("beforeExit", onIdle);
    };
  });
  try {
    const loaded: { default?: unknown } = await Promise.race([import(pathToFileURL(path).href), never]);
    return loaded.default;
  } finally {
    end();
  }
}
