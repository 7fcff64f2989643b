import { type Stats, unwatchFile, watchFile } from "node:fs";
import { resolve } from "node:path";

/**
 * Calls back when a file changes, also if it is replaced by another one or by what a link leads to, as editors and Kubernetes do. It
 * keeps no process alive.
 */
export class RulesWatch {
  readonly #onChange: () => void;
  readonly #intervalMs: number;
  #path: string | undefined;

  constructor(onChange: () => void, intervalMs: number = 1_000) {
    this.#onChange = onChange;
    this.#intervalMs = intervalMs;
  }

  /** From now on this file; undefined: none. */
  follow(file: string | undefined): void {
    const path = file === undefined ? undefined : resolve(file);
    if (path === this.#path) return;
    this.close();
    this.#path = path;
    if (path !== undefined) watchFile(path, { interval: this.#intervalMs, persistent: false }, this.#compare);
  }

  close(): void {
    if (this.#path !== undefined) unwatchFile(this.#path, this.#compare);
    this.#path = undefined;
  }

  readonly #compare = (now: Stats, before: Stats): void => {
    // It is called when the file is read too. A file that is gone is on its way, or its reload would say so each time.
    const isOther = now.mtimeMs !== before.mtimeMs || now.size !== before.size || now.ino !== before.ino;
    if (isOther && now.nlink > 0) this.#onChange();
  };
}
