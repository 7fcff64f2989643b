import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import type { Series } from "../aggregator/stored-series.ts";
import { eventually } from "../testing/eventually.ts";

/** Debian's redis-server on a loopback port of its own. It saves nothing: killed, it comes back empty. */
export class RedisServer {
  readonly url: string;
  readonly #port: number;
  readonly #folder: string = mkdtempSync(join(tmpdir(), "slipstream-redis-"));
  #child: ChildProcess | undefined;

  private constructor(port: number) {
    this.#port = port;
    this.url = `redis://127.0.0.1:${port}`;
  }

  /** @throws Error where there is no redis-server, with the package to install */
  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort());
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const args = ["--port", String(this.#port), "--bind", "127.0.0.1", "--dir", this.#folder, "--save", ""];
    const child = spawn("redis-server", args, { stdio: "ignore" });
    this.#child = child;
    let failure: Error | undefined;
    child.on("error", (error) => {
      failure = new Error(
        `redis-server does not start (apt-get install redis-server; .ci/run does it): ${error}`,
      );
    });
    await eventually("redis-server answers", async () => {
      if (failure !== undefined) throw failure;
      return (await this.#ask((client) => client.ping())) === "PONG";
    });
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.pid === undefined) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  /** Connections stay open, and nothing is answered. */
  pause(): void {
    this.#child?.kill("SIGSTOP");
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The dashboards' series of all days; undefined where it does not answer. */
  async series(): Promise<Series | undefined> {
    return this.#ask(async (client) => {
      const days = await client.keys("dashboard:timeseries:*");
      const members = await Promise.all(days.sort().map((day) => client.zrange(day, "0", "-1")));
      const points = members.flat().map((member) => JSON.parse(member) as Record<string, unknown>);
      return new Map(points.map(({ time, ...values }) => [Date.parse(String(time)), values]));
    });
  }

  async #ask<T>(command: (client: Redis) => Promise<T>): Promise<T | undefined> {
    const client = new Redis({
      port: this.#port,
      host: "127.0.0.1",
      lazyConnect: true,
      retryStrategy: () => null,
    });
    client.on("error", () => {});
    try {
      return await command(client);
    } catch {
      return undefined;
    } finally {
      client.disconnect();
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
