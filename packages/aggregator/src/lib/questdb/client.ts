import { DESK_COLUMN, type HistoryColumn, historyTable, SlipstreamError } from "@slipstream/conventions";
import { type HistoryRow, type HistoryValue, OWN_DESK, timestampUs } from "@slipstream/engine/storage";
import { tableName } from "./definition.ts";

/** The least that is needed of QuestDB's client (`Sender` of `@questdb/nodejs-client`). */
export interface QuestDbClient {
  table(name: string): unknown;
  symbol(name: string, value: unknown): unknown;
  stringColumn(name: string, value: string): unknown;
  floatColumn(name: string, value: number): unknown;
  intColumn(name: string, value: number): unknown;
  at(timestamp: number, unit: "us"): Promise<void>;
  /** Drops what is not flushed. */
  reset(): unknown;
  /** Resolves once the server has committed. */
  flush(): Promise<unknown>;
}

/** Writes rows as one request, which QuestDB commits as a whole for each table. */
export async function sendRows(
  client: QuestDbClient,
  rows: readonly HistoryRow[],
  tablePrefix: string,
): Promise<void> {
  try {
    for (const row of rows) await addRow(client, row, tablePrefix);
  } catch (error) {
    // Nobody could go on from half a row.
    client.reset();
    throw error;
  }
  await client.flush();
}

async function addRow(client: QuestDbClient, row: HistoryRow, tablePrefix: string): Promise<void> {
  const { columns } = historyTable(row.table);
  client.table(tableName(row.table, tablePrefix));
  // The line protocol wants symbols first. What is null is left out.
  for (const [at, { name, type }] of columns.entries()) {
    const value = row.values[at];
    if (type === "symbol" && value !== null && !isOwnDesk(name, value)) client.symbol(name, value);
  }
  for (const [at, column] of columns.entries()) {
    const value = row.values[at];
    if (value !== undefined && value !== null) addColumn(client, column, value);
  }
  await client.at(timestampUs(row), "us");
}

/** The own desk's rows have no value: so they are the same rows as before there was the column. */
function isOwnDesk(column: string, value: HistoryValue | undefined): boolean {
  return column === DESK_COLUMN && value === OWN_DESK;
}

function addColumn(client: QuestDbClient, { name, type }: HistoryColumn, value: string | number): void {
  if (type === "text") client.stringColumn(name, String(value));
  else if (type === "double") client.floatColumn(name, Number(value));
  else if (type === "int") client.intColumn(name, Number(value));
}

/** What the client reported, as an error that says what to do. Neither holds a secret. */
export function explainWrite(address: string, error: unknown): SlipstreamError {
  const reason = error instanceof Error ? error.message : String(error);
  if (/statusCode=40[13]\b/.test(reason)) {
    return new SlipstreamError(
      "questdb_denied",
      `QuestDB at ${address} refuses the name, password or token of the configuration string.`,
      { field: "questdb", cause: error },
    );
  }
  // The client leaves out why.
  const hint = /Failed to load https:.*fetch failed/.test(reason)
    ? ". Is QuestDB there, and is its certificate trusted? `slipstream doctor` says why."
    : "";
  return new SlipstreamError("questdb_write", `QuestDB at ${address} took no rows: ${reason}${hint}`, {
    field: "questdb",
    cause: error,
  });
}
