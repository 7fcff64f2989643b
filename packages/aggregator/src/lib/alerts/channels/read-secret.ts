import { readFile } from "node:fs/promises";
import type { Environment } from "@slipstream/config";
import type { ReadSecret } from "./channel-fields.ts";

/**
 * How the secret `name` of a channel is read: as it is written, from the file `NAMEFile` or from the variable `NAMEEnv`. Undefined if
 * the settings have none of them.
 */
export function secretReader(
  name: string,
  settings: Readonly<Record<string, unknown>>,
  environment: Environment,
): ReadSecret | undefined {
  const { [name]: value, [`${name}File`]: file, [`${name}Env`]: variable } = settings;
  if (typeof value === "string") return () => Promise.resolve(value);
  if (typeof file === "string") return () => fromFile(name, file);
  if (typeof variable === "string") return () => fromVariable(name, variable, environment);
  return undefined;
}

async function fromFile(name: string, file: string): Promise<string> {
  let text: string;
  try {
    text = (await readFile(file, "utf8")).trim();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new Error(`its ${name} cannot be read from ${file} (${code})`);
  }
  if (text === "") throw new Error(`its ${name} cannot be read from ${file}, which is empty`);
  return text;
}

async function fromVariable(name: string, variable: string, environment: Environment): Promise<string> {
  const text = environment[variable]?.trim() ?? "";
  if (text === "")
    throw new Error(`its ${name} cannot be read from the variable ${variable}, which is not set`);
  return text;
}
