/** 0 done, 1 found bad, 2 wrong usage or configuration. */
export const exitCode = { done: 0, bad: 1, usage: 2 } as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Ends the command with a message of one line and an exit code. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(code: ExitCode, message: string) {
    super(message);
    this.name = "CliError";
    this.exitCode = code;
  }
}
