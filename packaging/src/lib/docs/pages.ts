import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { GeneratedFile } from "../manifests/files.ts";
import { root } from "../manifests/workspace.ts";
import { withCode } from "./code-regions.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** The README, with its code as it stands in the examples, which are compiled and run. */
export function readme(): GeneratedFile {
  return { path: "README.md", text: withCode(read("README.md"), read) };
}
