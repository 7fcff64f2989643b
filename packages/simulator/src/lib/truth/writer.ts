import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { dirname, resolve } from "node:path";
import { finished } from "node:stream/promises";

/** Writes the ground truth as NDJSON. A disk error is reported once and never stops the trades. */
export class TruthWriter {
  readonly #stream: WriteStream;
  readonly #done: Promise<void>;

  private constructor(stream: WriteStream, onError: (message: string) => void) {
    this.#stream = stream;
    this.#done = finished(stream).catch((error: unknown) => onError(describe(error)));
  }

  /** Replaces the file. Rejects if it cannot be written. */
  static async open(file: string, onError: (message: string) => void): Promise<TruthWriter> {
    mkdirSync(dirname(resolve(file)), { recursive: true });
    const stream = createWriteStream(file);
    await new Promise<void>((opened, rejected) => {
      stream.once("open", () => opened());
      stream.once("error", rejected);
    });
    return new TruthWriter(stream, (message) =>
      onError(`the ground truth in ${file} is incomplete: ${message}`),
    );
  }

  write(line: object): void {
    if (this.#stream.writable) this.#stream.write(`${JSON.stringify(line)}\n`);
  }

  /** Resolves once everything is in the file. */
  async close(): Promise<void> {
    this.#stream.end();
    await this.#done;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
