import type { Progress } from "./threads.ts";

/** Where nobody watches, a line each so many ms. */
const LINE_MS = 60_000;

/** Shows on standard error how far it is and how long it takes yet. */
export class ShowProgress {
  readonly #stream: Pick<NodeJS.WriteStream, "isTTY" | "write">;
  readonly #now: () => number;
  readonly #startMs: number;
  #toldMs: number;

  constructor(stream: Pick<NodeJS.WriteStream, "isTTY" | "write">, now: () => number) {
    this.#stream = stream;
    this.#now = now;
    this.#startMs = now();
    this.#toldMs = this.#startMs;
  }

  show(progress: Progress): void {
    const nowMs = this.#now();
    const line = progressLine(progress, nowMs - this.#startMs);
    if (this.#stream.isTTY) this.#stream.write(`\r\x1b[K${line}`);
    else if (nowMs - this.#toldMs >= LINE_MS) {
      this.#toldMs = nowMs;
      this.#stream.write(`${line}\n`);
    }
  }

  end(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\x1b[K");
  }
}

/** "34 %, 12 min left: the world of seed 7". */
export function progressLine({ done, running }: Progress, elapsedMs: number): string {
  const left = done > 0 ? `, ${duration((elapsedMs * (1 - done)) / done)} left` : "";
  const names = running.length === 0 ? "" : `: ${running.join(", ")}`;
  return `${Math.floor(100 * done)} %${left}${names}`;
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
