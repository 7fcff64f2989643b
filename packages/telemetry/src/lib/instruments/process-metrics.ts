import type { Instruments } from "./instruments.ts";
import { memoryLimitBytes } from "./memory-limit.ts";

export interface ProcessReading {
  /** Resident memory. */
  readonly memoryBytes: number;
  /** Percent of one core since the last reading; undefined in the first second. */
  readonly cpuPercent: number | undefined;
  readonly memoryLimitBytes: number;
}

/** Where process measurements come from; tests provide their own. */
export interface ProcessSource {
  /** CPU time used, in microseconds. */
  cpuMicros(): number;
  monotonicMs(): number;
  memoryBytes(): number;
  memoryLimitBytes(): number;
}

/** Readers in quick succession (an exporter and a scrape) get the same value instead of noise. */
const SHORTEST_WINDOW_MS = 1_000;

/** CPU and memory of this process. */
export class ProcessMetrics {
  readonly #source: ProcessSource;
  readonly #limit: number;
  #cpuMicros: number;
  #atMs: number;
  #cpuPercent: number | undefined;

  constructor(source: ProcessSource = thisProcess) {
    this.#source = source;
    this.#limit = source.memoryLimitBytes();
    this.#cpuMicros = source.cpuMicros();
    this.#atMs = source.monotonicMs();
  }

  read(): ProcessReading {
    const elapsedMs = this.#source.monotonicMs() - this.#atMs;
    if (elapsedMs >= SHORTEST_WINDOW_MS) {
      const cpuMicros = this.#source.cpuMicros();
      this.#cpuPercent = (cpuMicros - this.#cpuMicros) / (elapsedMs * 10);
      this.#cpuMicros = cpuMicros;
      this.#atMs += elapsedMs;
    }
    return {
      memoryBytes: this.#source.memoryBytes(),
      cpuPercent: this.#cpuPercent,
      memoryLimitBytes: this.#limit,
    };
  }

  /** Sets the gauges from a reading. Never throws. */
  writeTo(instruments: Instruments): void {
    try {
      const { memoryBytes, cpuPercent, memoryLimitBytes: limit } = this.read();
      instruments.memoryUsage.set(memoryBytes);
      instruments.memoryLimit.set(limit);
      if (cpuPercent !== undefined) instruments.cpuUsage.set(cpuPercent);
    } catch {
      // If the system hides its numbers, they stay unknown.
    }
  }
}

const thisProcess: ProcessSource = {
  cpuMicros: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  monotonicMs: () => performance.now(),
  memoryBytes: () => process.memoryUsage.rss(),
  memoryLimitBytes: () => memoryLimitBytes(),
};
