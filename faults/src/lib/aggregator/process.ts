import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeEnvironmentOf, nodeFlagsOf } from "@slipstream/testing/node-flags";

/** `slipstream` as it is started. */
export const bin: string = fileURLToPath(
  new URL("../bin/slipstream.js", import.meta.resolve("@slipstream/cli")),
);

/**
 * The same as it is built, without type stripping: its WebAssembly now and then crashes V8 when threads end, which is
 * not what is tested.
 */
export const builtBin: string = fileURLToPath(
  new URL("../dist/cli.main.js", import.meta.resolve("@slipstream/cli")),
);

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface AggregatorProcessOptions {
  /** Its data directory. */
  readonly data: string;
  /** Settings as environment variables, `SLIPSTREAM_...`. */
  readonly env?: Readonly<Record<string, string>>;
  /** What is started. Default: `bin`. */
  readonly program?: string;
  /** More flags of Node's. */
  readonly nodeFlags?: readonly string[];
}

/** A real `slipstream aggregate` on a free loopback port, started as a user starts it. */
export class AggregatorProcess {
  readonly startedMs: number = performance.now();
  /** Resolves with its address once it takes requests. Rejects where it ends before that. */
  readonly ready: Promise<string>;
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #output = "";

  constructor({ data, env = {}, program = bin, nodeFlags = [] }: AggregatorProcessOptions) {
    const own = Object.entries(process.env).filter(
      ([name]) => !/^(SLIPSTREAM_|OTEL_|REDIS_URL|NODE_)/.test(name),
    );
    this.#child = spawn(
      process.execPath,
      [...nodeFlagsOf(bin), ...nodeFlags, program, "aggregate", "--port", "0", "--data", data],
      {
        cwd: join(data, ".."),
        env: {
          ...Object.fromEntries(own),
          ...nodeEnvironmentOf(bin),
          SLIPSTREAM_LOG_LEVEL: "warn",
          // Starts take half as long.
          NODE_COMPILE_CACHE: join(tmpdir(), "slipstream-faults-compiled"),
          ...env,
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    this.ended = once(this.#child, "exit").then(([code, signal]) => ({ code, signal }) as Ended);
    this.ready = this.#readiness();
    // Whoever waits for it is told; a process that is killed during its start disappoints nobody.
    this.ready.catch(() => {});
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** The newest of what it printed, both streams. */
  get output(): string {
    return this.#output;
  }

  /** Sends it a signal; resolves when it has ended, where the signal ends it. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.ended;
  }

  #readiness(): Promise<string> {
    return new Promise((resolve, reject) => {
      const keep = (chunk: Buffer): void => {
        this.#output = (this.#output + chunk.toString()).slice(-10_000);
        const [, url] = /aggregator on (http:\S+)\n/.exec(this.#output) ?? [];
        if (url !== undefined) resolve(url);
      };
      this.#child.stdout?.on("data", keep);
      this.#child.stderr?.on("data", keep);
      this.#child.on("error", reject);
      void this.ended.then(({ code, signal }) =>
        reject(new Error(`The aggregator ended (${code ?? signal}) before it was ready:\n${this.#output}`)),
      );
    });
  }
}
