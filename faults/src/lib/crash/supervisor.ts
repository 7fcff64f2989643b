import { setTimeout as sleep } from "node:timers/promises";
import { AggregatorProcess, type AggregatorProcessOptions, type Ended } from "../aggregator/process.ts";
import type { Interruption } from "./plan.ts";

/** Starts the aggregator, ends it and starts it again, always on the same data. */
export class Supervisor {
  #options: AggregatorProcessOptions;
  #process: AggregatorProcess;
  #startMs: number | undefined;
  #starts = 1;

  constructor(options: AggregatorProcessOptions) {
    this.#options = options;
    this.#process = new AggregatorProcess(options);
  }

  /** Processes started so far. */
  get starts(): number {
    return this.#starts;
  }

  get output(): string {
    return this.#process.output;
  }

  /** Resolves with the address once an aggregator is up; waits while there is none. */
  async url(): Promise<string> {
    for (;;) {
      const process = this.#process;
      try {
        const url = await process.ready;
        this.#startMs ??= performance.now() - process.startedMs;
        return url;
      } catch (error) {
        // Killed while it started: then another is started. Else it could not.
        if (process === this.#process && !(await this.#wasKilled(process))) throw error;
        await sleep(5);
      }
    }
  }

  /** Ends the process as planned and starts it until it comes up. @throws Error where SIGTERM is not obeyed */
  async interrupt({ signal, startKills, changes }: Interruption): Promise<void> {
    await this.end(signal);
    this.#options = { ...this.#options, env: { ...this.#options.env, ...changes } };
    for (const part of startKills) {
      this.start();
      await sleep(part * (this.#startMs ?? 1_000));
      await this.end("SIGKILL");
    }
    this.start();
    await this.url();
  }

  /** @throws Error where the process ended otherwise than the signal asks */
  async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const process = this.#process;
    process.signal(signal);
    const ended = await process.ended;
    const obeyed = signal === "SIGKILL" ? ended.signal === signal : ended.code === 0;
    if (!obeyed) throw new Error(`${signal} was answered by ${show(ended)}:\n${process.output}`);
  }

  /** Ends what runs, if anything does. */
  async stop(): Promise<void> {
    await this.#process.kill();
  }

  get pid(): number {
    return this.#process.pid;
  }

  async #wasKilled(process: AggregatorProcess): Promise<boolean> {
    return (await process.ended).signal === "SIGKILL";
  }

  /** Starts it after it was ended. */
  start(): void {
    this.#process = new AggregatorProcess(this.#options);
    this.#starts += 1;
  }
}

function show({ code, signal }: Ended): string {
  return signal === null ? `exit code ${code}` : signal;
}
