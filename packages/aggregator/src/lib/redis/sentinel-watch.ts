import { Redis } from "ioredis";
import { wait } from "./make-client.ts";
import type { RedisAddress } from "./redis-address.ts";

/** Sentinels publish here that a master has another address: its name comes first. */
const SWITCH = "+switch-master";

export interface SentinelWatch {
  readonly address: Extract<RedisAddress, { readonly kind: "sentinel" }>;
  /** For connecting. */
  readonly timeoutMs: number;
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
export function watchSentinels({ address, timeoutMs, onSwitch, onError }: SentinelWatch): () => void {
  const { hosts, master, tls, sentinelUsername: username, sentinelPassword: password } = address;
  const clients = hosts.map(({ host, port }) => {
    const client = new Redis(port, host, {
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(tls ? { tls: {} } : {}),
      connectTimeout: timeoutMs,
      retryStrategy: wait,
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
