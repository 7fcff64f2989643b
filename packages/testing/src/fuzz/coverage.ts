import { type Profiler, Session } from "node:inspector";

/** Which blocks of the code under test have been executed, as V8 counts them. */
export class Coverage {
  readonly #session = new Session();
  readonly #isUnderTest: (url: string) => boolean;

  constructor(isUnderTest: (url: string) => boolean) {
    this.#isUnderTest = isUnderTest;
    this.#session.connect();
    this.#session.post("Profiler.enable");
    this.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  /** The blocks that were executed since it was last asked. */
  take(): ReadonlySet<string> {
    const executed = new Set<string>();
    for (const { url, functions } of this.#counts()) {
      if (!this.#isUnderTest(url)) continue;
      for (const { ranges } of functions) {
        for (const { startOffset, endOffset, count } of ranges)
          if (count > 0) executed.add(`${url}:${startOffset}-${endOffset}`);
      }
    }
    return executed;
  }

  #counts(): readonly Profiler.ScriptCoverage[] {
    let counts: readonly Profiler.ScriptCoverage[] = [];
    // A session in this thread answers before `post` returns.
    this.#session.post("Profiler.takePreciseCoverage", (error, answer) => {
      if (error !== null) throw error;
      counts = answer.result;
    });
    return counts;
  }
}
