import { SlipstreamError } from "@slipstream/conventions";
import { z } from "zod";
import { questDbAddress } from "./address.ts";
import { connectQuestDb } from "./connection.ts";
import type { QuestDbFinding, QuestDbOptions } from "./options.ts";
import { readQuestDbLease } from "./questdb-lease.ts";
import { assertTables } from "./tables.ts";

const suspendedRows = z.array(z.tuple([z.string(), z.boolean()]));

/** See `inspectQuestDb`. */
export async function inspect(
  { conf, pgUrl, tablePrefix = "" }: QuestDbOptions,
  timeoutMs: number,
): Promise<QuestDbFinding> {
  const address = questDbAddress(conf, pgUrl);
  const connection = await connectQuestDb(address, timeoutMs);
  try {
    const tables = await assertTables(connection, tablePrefix);
    const writer = await readQuestDbLease(connection, tablePrefix);
    const wal = suspendedRows.parse(await connection.query("SELECT name, suspended FROM wal_tables()"));
    const suspended = wal.filter(([name, is]) => is && tables.includes(name)).map(([name]) => name);
    await assertHttp(conf, address.http, timeoutMs);
    return { address: address.http, tables, suspended, writer };
  } finally {
    await connection.close();
  }
}

/** QuestDB tells its settings to anyone, so this says only that it is there. */
async function assertHttp(conf: string, address: string, timeoutMs: number): Promise<void> {
  const protocol = conf.slice(0, conf.indexOf("::"));
  try {
    await fetch(`${protocol}://${address}/settings`, { signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SlipstreamError(
      "questdb_unreachable",
      `QuestDB's HTTP cannot be reached at ${address}: ${reason}.`,
      {
        field: "questdb",
        cause: error,
      },
    );
  }
}
