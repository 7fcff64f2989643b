import { inspectQuestDb, type Lease, leaseText, questDbTarget } from "@slipstream/aggregator";
import { hasCode, quantity } from "@slipstream/conventions";
import type { ResolvedConfig } from "../config/components.ts";
import type { Finding } from "./check.ts";
import { storeNotNamed } from "./store-not-named.ts";
import { writerFinding } from "./writer-finding.ts";

const check = "QuestDB";

/**
 * Whether the history can be written to QuestDB and read there. Nothing is made or changed.
 *
 * @param ofRedis who has the lease of Redis, which covers QuestDB too
 * @param isWritten whether the aggregator that answers writes to a QuestDB
 */
export async function checkQuestDb(
  config: ResolvedConfig,
  instance: string | undefined,
  ofRedis: Lease | undefined,
  isWritten: boolean,
): Promise<Finding[]> {
  const options = questDbTarget(config);
  if (options === undefined) {
    const questDb = { check, option: "--questdb (QDB_CLIENT_CONF)", holds: "the history" } as const;
    return [storeNotNamed(questDb, isWritten)];
  }
  try {
    const { address, tables, suspended, writer } = await inspectQuestDb(options, 3_000);
    const state =
      tables.length === 0
        ? "the aggregator will make its tables"
        : `${quantity(tables.length, "table")} of the history`;
    return [
      ofRedis === undefined || ofRedis.instance === instance
        ? writerFinding(check, `${address} answers; ${state}`, writer, instance)
        : coveredFinding(`${address} answers; ${state}`, ofRedis),
      ...suspended.map((table): Finding => {
        const remedy = `find the reason in wal_tables(), then: ALTER TABLE ${table} RESUME WAL`;
        return { check, outcome: "bad", text: `takes rows for ${table} and does not write them`, remedy };
      }),
    ];
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const remedy = hasCode(error, "questdb_table")
      ? "give Slipstream tables of its own with --questdb-table-prefix (SLIPSTREAM_QUESTDB_TABLE_PREFIX)"
      : "correct --questdb (QDB_CLIENT_CONF) or --questdb-pg (SLIPSTREAM_QUESTDB_PG), or go on without: the embedded store holds the history";
    return [{ check, outcome: "bad", text, remedy }];
  }
}

function coveredFinding(answers: string, ofRedis: Lease): Finding {
  return {
    check,
    outcome: "warn",
    text: `${answers}; the lease of Redis covers it, and another one has that: ${leaseText(ofRedis)}. So one with this data folder may not write here`,
    remedy: "stop the other one, or give this one a --redis-prefix of its own as well",
  };
}
