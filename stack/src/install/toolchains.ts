import { spawnSync } from "node:child_process";
import { onPath } from "./on-path.ts";

/** What parts are built or run with, and the stack does not install itself. */
export type Toolchain = "go" | "java" | "maven" | "root";

/** The newest `go` line among the modules that are built (Alertmanager's). */
export const GO_VERSION = "1.26.0";

/** From this version on, Go fetches the version that a module asks for by itself, unless GOTOOLCHAIN=local. */
const GO_FETCHES_ITSELF = "1.21.0";

/** Of QuestDB. */
const JAVA_VERSION = 17;

/** @returns what is wrong with a toolchain and what to do; undefined: nothing is. */
export function toolchainProblem(toolchain: Toolchain): string | undefined {
  switch (toolchain) {
    case "go":
      return goProblem(printed("go", ["env", "GOVERSION"]), printed("go", ["env", "GOTOOLCHAIN"]) ?? "");
    case "java":
      return javaProblem(printed("java", ["-version"]));
    case "maven":
      return onPath("mvn") ? undefined : "Maven is missing: apt-get install maven.";
    case "root":
      return rootProblem();
  }
}

/** @param version as `go env GOVERSION` prints it; undefined: there is no Go */
export function goProblem(version: string | undefined, toolchain: string): string | undefined {
  const how = `Install Go ${GO_VERSION} or later from https://go.dev/dl and put its bin folder on PATH (Debian's own is too old).`;
  if (version === undefined) return `Go is missing. ${how}`;
  const found = /^go([\d.]+)/.exec(version)?.[1];
  if (found === undefined || isAtLeast(found, GO_VERSION)) return undefined;
  if (isAtLeast(found, GO_FETCHES_ITSELF) && toolchain !== "local") return undefined;
  return `Go ${found} is too old. ${how}`;
}

/** @param printed as `java -version` prints it; undefined: there is no Java */
export function javaProblem(printed: string | undefined): string | undefined {
  const how = `apt-get install default-jre-headless (Java ${JAVA_VERSION} or later).`;
  if (printed === undefined) return `Java is missing: ${how}`;
  const found = Number(/version "(\d+)/.exec(printed)?.[1]);
  return found >= JAVA_VERSION ? undefined : `Java is too old (${printed.split("\n")[0]}): ${how}`;
}

/** Compares versions such as 1.26 and 1.21.3. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [have, want] = [version, wanted].map((text) => text.split(".").map(Number));
  for (let index = 0; index < 3; index++) {
    const difference = (have?.[index] ?? 0) - (want?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function rootProblem(): string | undefined {
  if (!onPath("apt-get")) return "There is no apt-get here.";
  if (process.getuid?.() === 0 || spawnSync("sudo", ["-n", "true"]).status === 0) return undefined;
  return "apt-get needs root, and sudo asks for a password.";
}

/** What a program printed; undefined if it cannot be run. Java prints its version to stderr. */
function printed(program: string, args: readonly string[]): string | undefined {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", timeout: 30_000 });
  return status === 0 ? stdout.trim() || stderr.trim() : undefined;
}
