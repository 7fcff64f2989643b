import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const ROOT = join(import.meta.dirname, "../../..");

/** Path of a file or folder of the repository. */
export function inRepository(...path: readonly string[]): string {
  return join(ROOT, ...path);
}

export function textOf(...path: readonly string[]): string {
  return readFileSync(inRepository(...path), "utf8");
}

/** A YAML file of the repository. */
export function yamlOf(...path: readonly string[]): unknown {
  return parse(textOf(...path), { merge: true });
}
