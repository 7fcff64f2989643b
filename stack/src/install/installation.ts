import type { Toolchain } from "./toolchains.ts";

/** What an installation may use while it works. */
export interface Workshop {
  /** The cache folder, whose `bin` holds the programs. */
  readonly cache: string;
  /** Runs a program with its output in the log. @throws Error with the end of the log if it fails */
  run(program: string, args: readonly string[], options?: RunOptions): Promise<void>;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** How something comes onto this machine. */
export interface Installation {
  /** What it is, with its version. */
  readonly what: string;
  /** How long it usually takes, on 2 cores. */
  readonly usually: string;
  /** What it is made with, while it is missing. */
  readonly needs: readonly Toolchain[];
  isInstalled(cache: string): boolean;
  install(workshop: Workshop): Promise<void>;
}
