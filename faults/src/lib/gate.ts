/** Lets callers through while it is open. */
export class Gate {
  #closed: Promise<void> | undefined;
  #open: () => void = () => {};

  close(): void {
    if (this.#closed !== undefined) return;
    this.#closed = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#closed = undefined;
    this.#open();
  }

  async pass(): Promise<void> {
    while (this.#closed !== undefined) await this.#closed;
  }
}
