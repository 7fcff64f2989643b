/** The terminal's alternate screen: what stood there before comes back when it is left, however the process ends. */
export class Screen {
  readonly #output: NodeJS.WriteStream;
  #open = false;
  readonly #restore = (): void => this.close();

  constructor(output: NodeJS.WriteStream) {
    this.#output = output;
  }

  open(): void {
    this.#open = true;
    process.once("exit", this.#restore);
    this.#output.write("\x1b[?1049h\x1b[?25l\x1b[2J");
  }

  get size(): { columns: number; rows: number } {
    return { columns: this.#output.columns || 80, rows: this.#output.rows || 24 };
  }

  /** Writes over what stands there, line by line, so that nothing flickers. */
  draw(lines: readonly string[]): void {
    if (!this.#open) return;
    const text = lines.map((line) => `${line}\x1b[K`).join("\r\n");
    this.#output.write(`\x1b[H${text}\x1b[J`);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    process.off("exit", this.#restore);
    this.#output.write("\x1b[?25h\x1b[?1049l");
  }
}
