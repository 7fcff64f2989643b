import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Seen } from "./observe.main.ts";

export interface CasesRun {
  /** Of each case, what came of it. */
  readonly outcomes: Readonly<Record<string, unknown>>;
  /** Without ids of processes. */
  readonly stderr: string;
  readonly code: number;
  /** What was seen, if the run was observed. */
  readonly seen: readonly Seen[];
  readonly problems: readonly string[];
}

export interface CasesOptions {
  /** Executable of Node. */
  readonly node: string;
  /** Folder with the package's sources as JavaScript. */
  readonly folder: string;
  /** A program of this folder, without its extension. */
  readonly program: string;
  readonly args: readonly string[];
  readonly observed: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program of cases in a process of its own, with or without somebody who follows its requests. */
export async function startCases(options: CasesOptions): Promise<CasesRun> {
  const { node, folder, program, args, observed, env = {} } = options;
  const scratch = mkdtempSync(join(tmpdir(), "slipstream-cases-"));
  const file = join(scratch, "seen.json");
  const here = join(folder, "testing", "transport");
  const preload = observed ? ["--import", pathToFileURL(join(here, "observe.main.js")).href] : [];
  try {
    const { stdout, stderr, code } = await new Promise<{ stdout: string; stderr: string; code: number }>(
      (resolve) => {
        execFile(
          node,
          ["--expose-gc", ...preload, join(here, `${program}.js`), ...args],
          {
            env: { ...process.env, NODE_OPTIONS: "", SEEN_FILE: file, ...env },
            maxBuffer: 2 ** 26,
            timeout: 90_000,
          },
          (error, stdout, stderr) =>
            resolve({ stdout, stderr, code: error === null ? 0 : Number(error.code ?? -1) }),
        );
      },
    );
    const lines = stdout.split("\n").filter(Boolean);
    const outcomes = lines.map((line) => JSON.parse(line) as { name: string; outcome: unknown });
    const record: { seen: Seen[]; problems: string[] } = observed
      ? JSON.parse(readFileSync(file, "utf8"))
      : { seen: [], problems: [] };
    return {
      outcomes: Object.fromEntries(outcomes.map(({ name, outcome }) => [name, outcome])),
      stderr: stderr.replaceAll(/\(node:\d+\)/g, "(node)"),
      code,
      ...record,
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
