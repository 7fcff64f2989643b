import { type ExecFileOptions, execFile } from "node:child_process";

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end.
 *
 * @throws Error if it cannot be started or ends with another code than 0; with the command and what it printed.
 */
export function run(file: string, args: readonly string[], options: ExecFileOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    execFile(
      file,
      [...args],
      { maxBuffer: 2 ** 26, ...options, encoding: "utf8" },
      (error, stdout, stderr) => {
        if (error === null) resolve({ stdout, stderr });
        else reject(new Error(`${file} ${args.join(" ")} failed (${error.code})\n${stdout}\n${stderr}`));
      },
    );
  });
}
