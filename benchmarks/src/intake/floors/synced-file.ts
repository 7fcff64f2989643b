import { fdatasync, openSync, writev } from "node:fs";
import { promisify } from "node:util";

const write = promisify(writev) as (fd: number, buffers: readonly Buffer[]) => Promise<unknown>;
const sync = promisify(fdatasync);

/** A file that bodies are appended to: those that wait are written and synced together. */
export class SyncedFile {
  readonly #fd: number;
  #waiting: {
    readonly body: Buffer;
    readonly done: () => void;
    readonly failed: (error: unknown) => void;
  }[] = [];
  #isWriting = false;

  constructor(path: string) {
    this.#fd = openSync(path, "a");
  }

  append(body: Buffer): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ body, done, failed });
      if (!this.#isWriting) void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const waiting = this.#waiting;
      this.#waiting = [];
      try {
        await write(
          this.#fd,
          waiting.map(({ body }) => body),
        );
        await sync(this.#fd);
        for (const { done } of waiting) done();
      } catch (error) {
        for (const { failed } of waiting) failed(error);
      }
    }
    this.#isWriting = false;
  }
}
