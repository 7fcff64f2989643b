/** Keeps the errors of instrumentation from the service, and says the first of them. */
export class Guard {
  readonly #onProblem: (message: string) => void;
  #said = false;

  constructor(onProblem: (message: string) => void) {
    this.#onProblem = onProblem;
  }

  /** Takes an error that instrumentation caught. Never throws. */
  caught(error: unknown): void {
    if (this.#said) return;
    this.#said = true;
    try {
      const said = error instanceof Error ? error.message : String(error);
      this.#onProblem(`a request could not be followed: ${said}; the service is not affected`);
    } catch {
      // There is nobody left to tell.
    }
  }
}
