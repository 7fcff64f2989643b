import { withTimeout } from "../retry/with-timeout.ts";
import type { RemoteHistory } from "../sinks/history-sink.ts";
import { explainWrite, type QuestDbClient, sendRows } from "./client.ts";
import { clientAddress } from "./client-address.ts";
import { QUESTDB } from "./definition.ts";
import { connectByHttp } from "./http-connection.ts";
import { createLeasedHistory, type LeasedHistoryOptions } from "./leased-history.ts";

/**
 * QuestDB by a client that is someone else's. If it sends over HTTP, the tables are made and checked at its address. Over TCP,
 * QuestDB makes those that are missing by itself, without deduplication, and there is no lease.
 *
 * @param timeoutMs within which a write must be answered
 */
export function createQuestDbClientHistory(
  client: QuestDbClient,
  options: Pick<LeasedHistoryOptions, "lease" | "tablePrefix" | "ttlDays" | "redisWriter">,
  timeoutMs = 15_000,
): RemoteHistory {
  const address = clientAddress(client);
  if (address !== undefined) {
    return createLeasedHistory({
      ...options,
      http: address.http,
      timeoutMs,
      connect: async () => connectByHttp(address, 5_000),
      openClient: async () => ({ client, close: async () => {} }),
    });
  }
  return {
    name: QUESTDB,
    appends: true,
    open: async () => ({ isNew: false }),
    write: (rows) =>
      withTimeout(sendRows(client, rows, options.tablePrefix), timeoutMs).catch((error: unknown) => {
        throw explainWrite("the client's address", error);
      }),
    close: async () => {},
  };
}

/** Whether the tables can be made with deduplication through a client. */
export function makesTables(client: QuestDbClient): boolean {
  return clientAddress(client) !== undefined;
}
