import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { dirname, resolve } from "node:path";
import { finished } from "node:stream/promises";

/** Writes what happened as NDJSON. A disk that fails is told once and never stops the trades. */
export class TruthWriter {
  readonly #stream: WriteStream;
  readonly #done: Promise<void>;

  private constructor(stream: WriteStream, onError: (message: string) => void) {
    this.#stream = stream;
    this.#done = finished(stream).catch((error: unknown) => onError(describe(error)));
  }

  /** Replaces the file. Rejects where it can't be written. */
  static async open(file: string, onError: (message: string) => void): Promise<TruthWriter> {
    mkdirSync(dirname(resolve(file)), { recursive: true });
    const stream = createWriteStream(file);
    await new Promise<void>((opened, rejected) => {
      stream.once("open", () => opened());
      stream.once("error", rejected);
    });
    return new TruthWriter(stream, (message) =>
      onError(`the ground truth in ${file} is not complete: ${message}`),
    );
  }

  write(line: object): void {
    if (this.#stream.writable) this.#stream.write(`${JSON.stringify(line)}\n`);
  }

  /** Resolves when everything is in the file. */
  async close(): Promise<void> {
    this.#stream.end();
    await this.#done;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
