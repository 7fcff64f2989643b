import { Redis, type RedisOptions } from "ioredis";
import type { RedisHost } from "./redis-address.ts";

/** Sentinels publish here that a master has another address: its name comes first. */
const SWITCH = "+switch-master";

export interface SentinelWatch {
  readonly hosts: readonly RedisHost[];
  readonly master: string;
  /** How to connect to a Sentinel. */
  readonly options: Pick<RedisOptions, "username" | "password" | "tls" | "connectTimeout" | "retryStrategy">;
  readonly onSwitch: () => void;
  /** Called when a Sentinel cannot be reached or refuses. */
  readonly onError: (error: Error) => void;
}

/**
 * Listens to Sentinels for a failover: a primary that was cut off from them still answers, and would take writes that are lost when it
 * becomes a replica.
 *
 * @returns ends it
 */
export function watchSentinels({ hosts, master, options, onSwitch, onError }: SentinelWatch): () => void {
  const clients = hosts.map((host) => {
    const client = new Redis(host.port, host.host, {
      ...options,
      enableReadyCheck: false,
      maxRetriesPerRequest: null,
    });
    client.on("error", onError);
    client.on("message", (_, text: string) => {
      if (text.startsWith(`${master} `)) onSwitch();
    });
    void client.subscribe(SWITCH).catch(onError);
    return client;
  });
  return () => {
    for (const client of clients) client.disconnect();
  };
}
