import type { Reporter, TestModule } from "vitest/node";

export interface SlowFilesOptions {
  /** Only the files of this project are reported. */
  readonly project: string;
  readonly limitMs: number;
  /** Where the lines go; standard error by default. */
  readonly write?: (line: string) => void;
}

/** Warns at the end of a run about each test file whose tests and hooks took longer than the limit. */
export class SlowFilesReporter implements Reporter {
  readonly #options: SlowFilesOptions;

  constructor(options: SlowFilesOptions) {
    this.#options = options;
  }

  onTestRunEnd(modules: readonly Pick<TestModule, "diagnostic" | "project" | "relativeModuleId">[]): void {
    const { project, limitMs, write = (line) => process.stderr.write(`${line}\n`) } = this.#options;
    const slow = modules
      .filter((module) => module.project.name === project)
      .map((module) => ({ file: module.relativeModuleId, ms: module.diagnostic().duration }))
      .filter(({ ms }) => ms > limitMs)
      .sort((a, b) => b.ms - a.ms);
    for (const { file, ms } of slow) {
      write(
        `warning: ${file} took ${(ms / 1_000).toFixed(1)} s; a unit test file should take at most ${limitMs / 1_000} s`,
      );
    }
  }
}
