import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What the probe writes each second. */
interface Second extends LongestTurn {
  readonly atMs: number;
}

export interface LongestTurn {
  /** The longest that the main thread was kept by one turn of its event loop, without garbage collection, ms. */
  readonly turnMs: number;
  /** The longest garbage collection, ms. */
  readonly gcMs: number;
}

/** How long the turns of an aggregator's main thread are. */
export class Turns {
  readonly nodeFlags: readonly string[] = [
    "--import",
    fileURLToPath(new URL("../../turn-probe.js", import.meta.url)),
  ];
  readonly env: Readonly<Record<string, string>>;
  readonly #file: string;

  /** @param file that the aggregator writes them into */
  constructor(file: string) {
    this.#file = file;
    this.env = { TURN_PROBE_FILE: file };
  }

  /** Since a time, Unix ms. */
  since(fromMs: number): LongestTurn {
    const lines = readFileSync(this.#file, "utf8").trim().split("\n");
    const seconds = lines.map((line) => JSON.parse(line) as Second).filter(({ atMs }) => atMs > fromMs);
    return {
      turnMs: Math.max(...seconds.map(({ turnMs }) => turnMs)),
      gcMs: Math.max(...seconds.map(({ gcMs }) => gcMs)),
    };
  }
}
