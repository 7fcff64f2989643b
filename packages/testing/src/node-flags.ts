import { readFileSync } from "node:fs";

/** Node's flags in the first line of a script: what its `#!` starts Node with. */
export function nodeFlagsOf(script: string): string[] {
  const [line = ""] = readFileSync(script, "utf8").split("\n");
  return line.split(" ").filter((word) => word.startsWith("--"));
}

/** The environment that the first line of a script gives Node. */
export function nodeEnvironmentOf(script: string): Record<string, string> {
  const [line = ""] = readFileSync(script, "utf8").split("\n");
  return Object.fromEntries(
    [...line.matchAll(/ ([A-Z_]+)=(\S+)/g)].map(([, name = "", value = ""]) => [name, value]),
  );
}
