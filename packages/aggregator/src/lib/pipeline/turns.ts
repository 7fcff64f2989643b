/** Work that can be put down between its steps. */
export type Work<T> = Iterator<unknown, T>;

interface Job {
  /** Does some of it; true once it is done or has failed. */
  readonly step: () => boolean;
}

/** How long one piece of work goes on while others wait, ms. */
const QUANTUM_MS = 1;

/**
 * Shares a thread's time: in each turn of the event loop no more than a part of it goes into long work, however much of that
 * there is. Short work is done at once if there is time left. Those that wait come in turn, a little of each.
 */
export class Turns {
  readonly #shareMs: number;
  readonly #waiting: Job[] = [];
  #usedMs = 0;
  #next: NodeJS.Immediate | undefined;

  /** @param shareMs of each turn */
  constructor(shareMs: number) {
    this.#shareMs = shareMs;
  }

  /** Does all the work and gives its result. What it throws rejects. */
  run<T>(work: Work<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const step = (): boolean => {
        try {
          const { done, value } = work.next();
          if (done === true) resolve(value as T);
          return done === true;
        } catch (error) {
          reject(error);
          return true;
        }
      };
      const job = { step };
      if (this.#waiting.length > 0 || !this.#goOn(job)) this.#waiting.push(job);
    });
  }

  /** The same for work that has no steps. */
  do<T>(work: () => T): Promise<T> {
    return this.run({ next: () => ({ done: true, value: work() }) });
  }

  /** Does some of a job; true once it is over. */
  #goOn({ step }: Job): boolean {
    this.#next ??= setImmediate(() => this.#turn());
    const beganMs = performance.now();
    let over = false;
    let ms = 0;
    while (!over && ms < QUANTUM_MS && this.#usedMs + ms < this.#shareMs) {
      over = step();
      ms = performance.now() - beganMs;
    }
    this.#usedMs += ms;
    return over;
  }

  #turn(): void {
    this.#next = undefined;
    this.#usedMs = 0;
    while (this.#usedMs < this.#shareMs) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      if (!this.#goOn(job)) this.#waiting.push(job);
    }
  }
}
