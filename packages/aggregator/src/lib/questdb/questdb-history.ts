import { Sender } from "@questdb/nodejs-client";
import { Agent } from "undici";
import { withTimeout } from "../retry/with-timeout.ts";
import type { RemoteHistory } from "../sinks/history-sink.ts";
import type { QuestDbAddress } from "./address.ts";
import { explainWrite, type QuestDbClient, sendRows } from "./client.ts";
import { connectQuestDb } from "./connection.ts";
import { QUESTDB } from "./definition.ts";
import { prepareTables } from "./tables.ts";

export interface QuestDbHistoryOptions {
  readonly address: QuestDbAddress;
  /** Days after which QuestDB drops a partition; left as it is where undefined. */
  readonly ttlDays?: number | undefined;
  /** Milliseconds within which a request must be answered; 5,000. */
  readonly timeoutMs?: number | undefined;
}

/** QuestDB, written to over HTTP. Its tables are made and checked each time that it is opened. */
export function createQuestDbHistory(options: QuestDbHistoryOptions): RemoteHistory {
  const { address, ttlDays, timeoutMs = 5_000 } = options;
  let client: QuestDbClient | undefined;
  let agent: Agent | undefined;

  async function openClient(): Promise<QuestDbClient> {
    // Its own connections: QuestDB keeps tables open for each, and goes on to write into one that was dropped and made
    // anew meanwhile, without an error. And the client would not end a request that hangs.
    agent = new Agent({ pipelining: 1, keepAliveTimeout: 60_000 });
    // The sink retries by itself, and flushes by itself. `retry_timeout` ends a request however often it was sent.
    const own = `auto_flush=off;retry_timeout=${timeoutMs};request_timeout=${timeoutMs};`;
    const conf = `${address.conf}${address.conf.endsWith(";") ? "" : ";"}${own}`;
    return withTimeout(Sender.fromConfig(conf, { log: () => {}, agent }), timeoutMs);
  }

  return {
    name: QUESTDB,
    async open() {
      const connection = await connectQuestDb(address, timeoutMs);
      try {
        const created = await prepareTables(connection, ttlDays);
        client = await openClient().catch((error: unknown) => {
          throw explainWrite(address.http, error);
        });
        return { isNew: created.length > 0 };
      } finally {
        await connection.close();
      }
    },
    async write(rows) {
      if (client === undefined) throw new Error("QuestDB is not open.");
      try {
        // Longer than the client waits, for its own error tells more.
        await withTimeout(sendRows(client, rows), timeoutMs + 1_000);
      } catch (error) {
        throw explainWrite(address.http, error);
      }
    },
    async close() {
      client = undefined;
      await agent?.destroy().catch(() => {});
      agent = undefined;
    },
  };
}
