import { openQuestDbReader } from "@slipstream/aggregator";
import type { HistoryTableName } from "@slipstream/conventions";
import type { Rows } from "../aggregator/stored-history.ts";

interface Place {
  readonly conf: string;
  readonly pgUrl: string;
}

/** Settings of an aggregator that writes to that QuestDB. */
export function questDbEnv({ conf, pgUrl }: Place): Readonly<Record<string, string>> {
  return { QDB_CLIENT_CONF: conf, SLIPSTREAM_QUESTDB_PG: pgUrl };
}

/** Rows of a table as the history's own reader has them; none if there is no table yet. */
export async function remoteRows({ conf, pgUrl }: Place, table: HistoryTableName): Promise<Rows> {
  const reader = await openQuestDbReader({ conf, pgUrl });
  try {
    return await reader.rows({ table, limit: 1_000_000 });
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return [];
    throw error;
  } finally {
    await reader.close();
  }
}
