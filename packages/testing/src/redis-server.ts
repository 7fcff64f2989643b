import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { freePort } from "slipstream-stack/free-port";
import { redisArguments } from "slipstream-stack/parts/redis";
import { type RealProcess, requireProgram, startProcess, untilServing } from "./real-process.ts";

/** A real Redis on a loopback port of its own. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Runs one command by a short-lived connection. */
  command(name: string, ...args: (string | number)[]): Promise<unknown>;
  /** Stops it from running without ending it: connections stay open and nothing is answered. */
  pause(): void;
  resume(): void;
  /** Kills it at once. What was not saved is lost. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with what it saved before. */
  restart(): Promise<void>;
  /** Ends it and removes its files. */
  close(): Promise<void>;
  output(): string;
}

export interface RedisServerOptions {
  /** Password that clients must give. */
  readonly password?: string;
  /** Further arguments of its command line. */
  readonly args?: readonly string[];
  /** false: reserve the port, and start nothing before `restart`. */
  readonly started?: boolean;
}

/** Starts Debian's redis-server. It saves only when told to (SAVE). */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  requireProgram("redis-server", "redis-server");
  const { password, args: further = [], started = true } = options;
  const directory = mkdtempSync(join(tmpdir(), "slipstream-redis-"));
  const port = await freePort();
  let process: RealProcess | undefined;

  async function start(): Promise<void> {
    const auth = password === undefined ? [] : ["--requirepass", password];
    const args = [...redisArguments(port, directory, ""), ...auth, ...further];
    process = startProcess("redis-server", args, directory);
    await untilServing("redis-server", process, async () => (await command("ping")) === "PONG");
  }

  async function command(name: string, ...args: (string | number)[]): Promise<unknown> {
    const client = new Redis({
      port,
      host: "127.0.0.1",
      lazyConnect: true,
      retryStrategy: () => null,
      ...(password === undefined ? {} : { password }),
    });
    // Its errors reach the caller by the command's own rejection.
    client.on("error", () => {});
    try {
      return await client.call(name, ...args);
    } finally {
      client.disconnect();
    }
  }

  if (started) await start();
  const login = password === undefined ? "" : `:${password}@`;
  return {
    url: `redis://${login}127.0.0.1:${port}`,
    port,
    command,
    pause: () => process?.signal("SIGSTOP"),
    resume: () => process?.signal("SIGCONT"),
    kill: async () => process?.kill(),
    restart: async () => {
      await process?.kill();
      await start();
    },
    close: async () => {
      await process?.kill();
      rmSync(directory, { recursive: true, force: true });
    },
    output: () => process?.output() ?? "",
  };
}
