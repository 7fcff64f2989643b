import { readFileSync } from "node:fs";

/** Node's flags in the first line of a script: what its `#!` starts Node with. */
export function nodeFlagsOf(script: string): string[] {
  const [line = ""] = readFileSync(script, "utf8").split("\n");
  return line.split(" ").filter((word) => word.startsWith("--"));
}
