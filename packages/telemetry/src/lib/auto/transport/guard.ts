/** Keeps the errors of instrumentation from the service: counts them, and says so once. */
export class Guard {
  readonly #onProblem: (message: string) => void;
  #failures = 0;

  constructor(onProblem: (message: string) => void) {
    this.#onProblem = onProblem;
  }

  /** How many errors there were. */
  get failures(): number {
    return this.#failures;
  }

  /** Takes an error that instrumentation caught. Never throws. */
  caught(error: unknown): void {
    this.#failures += 1;
    if (this.#failures > 1) return;
    try {
      const said = error instanceof Error ? error.message : String(error);
      this.#onProblem(`a request could not be followed: ${said}; the service is not affected`);
    } catch {
      // There is nobody left to tell.
    }
  }
}
