import { withTimeout } from "../retry/with-timeout.ts";
import type { RemoteHistory } from "../sinks/history-sink.ts";
import { explainWrite, type QuestDbClient, sendRows } from "./client.ts";
import { QUESTDB } from "./definition.ts";

/**
 * QuestDB by a client that is someone else's. It knows no address, so that the tables can be neither made nor checked:
 * those that are missing QuestDB makes by itself, without deduplication.
 *
 * @param timeoutMs within which a write must be answered
 */
export function createQuestDbClientHistory(client: QuestDbClient, timeoutMs = 15_000): RemoteHistory {
  return {
    name: QUESTDB,
    open: async () => ({ isNew: false }),
    write: (rows) =>
      withTimeout(sendRows(client, rows), timeoutMs).catch((error: unknown) => {
        throw explainWrite("the client's address", error);
      }),
    close: async () => {},
  };
}
