import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { freePort } from "slipstream-stack/free-port";
import { redisArguments } from "slipstream-stack/parts/redis";
import { requireProgram, startProcess } from "./real-process.ts";
import { type StoreProcess, storeProcess } from "./store-process.ts";

/** A real Redis on a loopback port of its own. */
export interface RedisServer extends StoreProcess {
  readonly url: string;
  readonly port: number;
  /** Runs one command by a short-lived connection. */
  command(name: string, ...args: (string | number)[]): Promise<unknown>;
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
  const auth = password === undefined ? [] : ["--requirepass", password];
  const args = [...redisArguments(port, directory, ""), ...auth, ...further];
  const process = storeProcess({
    name: "redis-server",
    directory,
    start: () => startProcess("redis-server", args, directory),
    serves: async () => (await command("ping")) === "PONG",
  });

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

  if (started) await process.restart();
  const login = password === undefined ? "" : `:${password}@`;
  return {
    url: `redis://${login}127.0.0.1:${port}`,
    port,
    command,
    ...process,
  };
}
