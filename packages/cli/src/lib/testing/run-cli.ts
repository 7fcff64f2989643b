import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const bin = join(import.meta.dirname, "../../../bin/slipstream.js");

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningCli {
  readonly child: ChildProcess;
  /** All it has printed so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves with the match once stdout matches. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Asks it to end. */
  end(signal?: NodeJS.Signals): void;
  readonly result: Promise<CliResult>;
}

/** Starts the real command line, with none of the tester's own settings. */
export function startCli(args: readonly string[], { cwd, env = {} }: CliOptions): RunningCli {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(SLIPSTREAM_|OTEL_|QDB_|REDIS_URL|NO_COLOR|NODE_)/.test(name),
  );
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { ...Object.fromEntries(own), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  child.stdout.on("data", (data: Buffer) => {
    stdout += data.toString();
    for (const listener of listeners) listener();
  });
  child.stderr.on("data", (data: Buffer) => {
    stderr += data.toString();
  });
  const result = new Promise<CliResult>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(stdout);
          if (match !== null) resolve(match);
        };
        listeners.add(look);
        look();
        void result.then(({ code }) => reject(new Error(`ended with ${code}: ${stdout}${stderr}`)));
      }),
    end: (signal = "SIGTERM") => child.kill(signal),
    result,
  };
}

export function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return startCli(args, options).result;
}
