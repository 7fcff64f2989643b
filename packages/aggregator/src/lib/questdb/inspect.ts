import { SlipstreamError } from "@slipstream/conventions";
import { Agent, request } from "undici";
import { z } from "zod";
import { questDbAddress, questDbHttp } from "./address.ts";
import { explainWrite } from "./client.ts";
import { connectQuestDb } from "./connection.ts";
import { reasonOf, TRUST_HTTP } from "./failure.ts";
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
    await assertTakesRows(conf, timeoutMs);
    return { address: address.http, tables, suspended, writer };
  } finally {
    await connection.close();
  }
}

/** Whether QuestDB takes rows with this login: it is asked to take none, which changes nothing. */
async function assertTakesRows(conf: string, timeoutMs: number): Promise<void> {
  const { url, http, authorization, tls } = questDbHttp(conf);
  const agent = new Agent({ connect: tls });
  try {
    const { statusCode, body } = await request(`${url}/write`, {
      method: "POST",
      dispatcher: agent,
      headers: authorization === undefined ? {} : { authorization },
      signal: AbortSignal.timeout(timeoutMs),
    });
    await body.dump();
    if (statusCode >= 300) throw explainWrite(http, new Error(`statusCode=${statusCode}`));
  } catch (error) {
    if (error instanceof SlipstreamError) throw error;
    throw new SlipstreamError(
      "questdb_unreachable",
      `QuestDB's HTTP cannot be reached at ${http}: ${reasonOf(error, TRUST_HTTP)}.`,
      {
        field: "questdb",
        cause: error,
      },
    );
  } finally {
    await agent.destroy();
  }
}
