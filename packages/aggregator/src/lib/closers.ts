/** What has to be closed, in the order in which it was opened. */
export class Closers {
  #all: (() => Promise<void> | void)[] = [];

  add(close: () => Promise<void> | void): void {
    this.#all.push(close);
  }

  /** Closes what was opened last first: each part may still need those before it. */
  async close(): Promise<void> {
    for (const close of this.#all.splice(0).reverse()) await close();
  }
}
