import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A service in a process of its own. */
export interface Child {
  readonly process: ChildProcess;
  readonly ready: Promise<void>;
  /** What it has written to stderr so far. */
  stderr(): string;
  readonly end: Promise<ChildEnd>;
}

/** `main`: a file of this folder. `flags`: for node itself. */
export function startChild(
  args: readonly string[],
  main: string = "service.main.ts",
  flags: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Child {
  const file = fileURLToPath(new URL(`./${main}`, import.meta.url));
  const child = spawn(process.execPath, [...flags, "--conditions=slipstream-source", file, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "", ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ready = new Promise<void>((resolve) => {
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      if (stdout.includes("ready")) resolve();
    });
  });
  const end = new Promise<ChildEnd>((resolve) => {
    child.on("close", (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  return { process: child, ready, stderr: () => stderr, end };
}
