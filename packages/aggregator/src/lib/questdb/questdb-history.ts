import { Sender } from "@questdb/nodejs-client";
import { Agent } from "undici";
import { withTimeout } from "../retry/with-timeout.ts";
import type { RemoteHistory } from "../sinks/history-sink.ts";
import { type QuestDbAddress, questDbHttp } from "./address.ts";
import type { QuestDbClient } from "./client.ts";
import { connectQuestDb } from "./connection.ts";
import { createLeasedHistory, type LeasedHistoryOptions } from "./leased-history.ts";

export interface QuestDbHistoryOptions
  extends Pick<LeasedHistoryOptions, "lease" | "tablePrefix" | "ttlDays" | "redisWriter"> {
  readonly address: QuestDbAddress;
  /** Milliseconds within which a request must be answered; 5,000. */
  readonly timeoutMs?: number | undefined;
}

/** QuestDB, written to over HTTP. Its tables are made and checked each time that it is opened. */
export function createQuestDbHistory(options: QuestDbHistoryOptions): RemoteHistory {
  const { address, timeoutMs = 5_000, ...rest } = options;
  return createLeasedHistory({
    ...rest,
    http: address.http,
    // Longer than the client waits, for its own error says more.
    timeoutMs: timeoutMs + 1_000,
    connect: () => connectQuestDb(address, timeoutMs),
    async openClient() {
      // Its own connections: QuestDB keeps tables open for each, and continues to write into one that was dropped and made
      // again meanwhile, without an error. And the client would not end a request that hangs.
      const { tls } = questDbHttp(address.conf);
      const agent = new Agent({ pipelining: 1, keepAliveTimeout: 60_000, connect: tls });
      // The sink retries by itself, and flushes by itself. `retry_timeout` ends a request however often it was sent.
      const own = `auto_flush=off;retry_timeout=${timeoutMs};request_timeout=${timeoutMs};`;
      const conf = `${address.conf}${address.conf.endsWith(";") ? "" : ";"}${own}`;
      const client: QuestDbClient = await withTimeout(
        Sender.fromConfig(conf, { log: () => {}, agent }),
        timeoutMs,
      );
      return { client, close: () => agent.destroy() };
    },
  });
}
