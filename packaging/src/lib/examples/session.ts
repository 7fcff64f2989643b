import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { type RealProcess, startProcess } from "@slipstream/testing/real-process";
import { freePort, isPortFree } from "slipstream-stack/free-port";

const LONGEST_MS = 90_000;

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/**
 * A page's examples as a user runs them, one after the other, in a folder of their own below a project in which the packages are
 * installed. Ports are other ones than the page's, so that nothing of this machine is in the way.
 */
export class Session implements AsyncDisposable {
  readonly project: string;
  readonly folder: string;
  /** Of the aggregator. */
  readonly port: number;
  readonly #node: Server;
  readonly #env: Record<string, string | undefined>;
  #background: RealProcess | undefined;
  #output = "";

  /** @param project a folder in which the packages are installed */
  static async open(project: string, name: string): Promise<Session> {
    const folder = join(project, "pages", name);
    mkdirSync(folder, { recursive: true });
    // Stands in for an RPC node.
    const node = createServer((request, response) => {
      request.resume();
      response.end("{}");
    });
    await new Promise<void>((resolve) => node.listen(0, "127.0.0.1", resolve));
    return new Session(project, folder, await freePort(), node);
  }

  private constructor(project: string, folder: string, port: number, node: Server) {
    this.project = project;
    this.folder = folder;
    this.port = port;
    this.#node = node;
    const own = Object.entries(process.env).filter(
      ([name]) => !/^(SLIPSTREAM_|OTEL_|REDIS_|QDB_|NODE_|npm_)/i.test(name),
    );
    this.#env = {
      ...Object.fromEntries(own),
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      SLIPSTREAM_PORT: String(port),
      SLIPSTREAM_DATA_DIR: join(folder, ".slipstream"),
      NO_COLOR: "1",
    };
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What the last command has printed so far. */
  get output(): string {
    return this.#background === undefined ? this.#output : this.#output + this.#background.output();
  }

  /** Runs a command to its end. */
  run(command: string): Promise<Ended> {
    const variable = /^export (\w+)=(\S+)$/.exec(this.#here(command));
    if (variable !== null) this.#env[variable[1] ?? ""] = variable[2];
    const options = { cwd: this.folder, env: this.#env, maxBuffer: 2 ** 26, timeout: LONGEST_MS };
    return new Promise((resolve) => {
      const child = execFile("sh", ["-c", this.#here(command)], options, (_, stdout, stderr) => {
        this.#output = stdout + stderr;
        resolve({ code: child.exitCode, output: this.#output });
      });
    });
  }

  /** Starts a command that runs on, and waits until it has printed what shows that it is ready. */
  async start(command: string, until: RegExp, cwd: string = this.folder): Promise<void> {
    await this.#endBackground();
    this.#output = "";
    this.#background = startProcess("sh", ["-c", `exec ${this.#here(command)}`], cwd, this.#env);
    await this.printed(until);
  }

  /** Waits until the last command has printed what is expected. */
  async printed(expected: RegExp): Promise<void> {
    const hasEnded = (): boolean => this.#background === undefined || this.#background.exited;
    await eventually(`it prints ${expected}`, () => expected.test(this.output) || hasEnded(), LONGEST_MS);
    if (!expected.test(this.output)) throw new Error(`it ended and printed: ${this.output}`);
  }

  /** Writes a program and runs it. */
  program(name: string, code: string): Promise<Ended> {
    this.write(name, code);
    return this.run(`node ${name}`);
  }

  write(name: string, text: string | Uint8Array): void {
    writeFileSync(join(this.folder, name), typeof text === "string" ? this.#here(text) : text);
  }

  /** The answer of the aggregator. */
  async ask(path: string): Promise<unknown> {
    const answer = await fetch(`${this.url}${path}`);
    return answer.json();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#endBackground();
    this.#node.closeAllConnections();
    this.#node.close();
  }

  #here(text: string): string {
    const { port } = this.#node.address() as AddressInfo;
    return text
      .replaceAll(/\b(127\.0\.0\.1|10\.0\.0\.5):9480\b/g, `127.0.0.1:${this.port}`)
      .replaceAll("127.0.0.1:8899", `127.0.0.1:${port}`);
  }

  async #endBackground(): Promise<void> {
    const ending = this.#background;
    if (ending === undefined) return;
    this.#background = undefined;
    ending.signal("SIGTERM");
    await eventually("what was started has ended", () => ending.exited, 30_000).finally(() => ending.kill());
    // What npx runs ends after npx.
    await eventually("the port is free again", () => isPortFree(this.port), 30_000);
  }
}
