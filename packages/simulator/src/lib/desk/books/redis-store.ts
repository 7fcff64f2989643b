import { semconv } from "@slipstream/conventions";
import { Redis } from "ioredis";
import { optionError } from "../../option-error.ts";
import type { Store } from "./store.ts";

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;
/** Of what is not written again. */
const KEEP_SECONDS = 3_600;

/** The positions that the desk holds, as a hash of strategy and pair. */
export function positionsKey(instance: string): string {
  return `simulator_positions:${instance}`;
}

/** The newest trade, as JSON. */
export function lastTradeKey(instance: string): string {
  return `simulator_last_trade:${instance}`;
}

export interface RedisStoreOptions {
  readonly url: string;
  /** `service.instance.id`: each process has keys of its own. */
  readonly instance: string;
  /** Of connecting, and of each command. */
  readonly timeoutMs: number;
}

/**
 * Keeps the desk's positions and its last trade in Redis, under keys of the simulator's own. Connects in the background; while it
 * is not connected, every write fails at once.
 *
 * @throws SlipstreamError (`invalid_option`). Its message has no secret.
 */
export function redisStore({ url, instance, timeoutMs }: RedisStoreOptions): Store {
  if (!/^rediss?:\/\//.test(url) || !URL.canParse(url))
    throw optionError("redis", "must be a URL such as redis://127.0.0.1:6379");
  const client = new Redis(url, {
    connectionName: "slipstream-simulator",
    commandTimeout: timeoutMs,
    connectTimeout: timeoutMs,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS),
  });
  let fault = "not connected yet";
  client.on("error", (error) => {
    fault = error.message;
  });

  // Until the first attempt has an outcome, nothing is known.
  const attempted = new Promise<void>((resolve) => {
    client.once("ready", resolve);
    client.once("close", resolve);
  });

  async function answered<T>(call: () => Promise<T>): Promise<T> {
    await attempted;
    if (client.status !== "ready") throw new Error(`Redis cannot be reached: ${fault}`);
    return call();
  }

  return {
    type: "redis",
    attributes: {
      [semconv.dbOperation]: "MULTI",
      [semconv.serverAddress]: client.options.host ?? "",
      [semconv.serverPort]: client.options.port ?? 6379,
    },
    attempts: 1,
    get connections() {
      return client.status === "ready" ? 1 : 0;
    },
    write: ({ trade, position }) =>
      answered(async () => {
        const { id, pair, side, status, sizeUsd, decidedAtMs } = trade;
        const last = JSON.stringify({ id, pair, side, status, sizeUsd, decidedAtMs });
        const multi = client.multi().set(lastTradeKey(instance), last, "EX", KEEP_SECONDS);
        if (position !== undefined) {
          const key = positionsKey(instance);
          multi.hset(key, `${position.strategy} ${position.pair}`, position.net).expire(key, KEEP_SECONDS);
        }
        const results = await multi.exec();
        const [failed] = results?.flatMap(([error]) => error ?? []) ?? [
          new Error("Redis discarded the write"),
        ];
        if (failed !== undefined) throw failed;
      }),
    check: () => answered(async () => void (await client.ping())),
    close: async () => client.disconnect(),
  };
}
