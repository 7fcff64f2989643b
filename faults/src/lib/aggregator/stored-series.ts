import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Instants of the dashboards' series by their time, Unix ms, each with its values. */
export type Series = ReadonlyMap<number, Readonly<Record<string, unknown>>>;

/** The series that the embedded store of a data directory holds, read by other code than the store's own. */
export function readStoredSeries(data: string): Series {
  const file = ["state.sqlite", "dashboard.sqlite"].map((name) => join(data, name)).find(existsSync);
  if (file === undefined) throw new Error(`${data} holds no embedded store.`);
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = database.prepare("SELECT time_ms, member FROM series ORDER BY time_ms").all();
    return new Map(rows.map((row) => [Number(row.time_ms), valuesOf(String(row.member))]));
  } finally {
    database.close();
  }
}

function valuesOf(member: string): Record<string, unknown> {
  const { time: _, ...values } = JSON.parse(member) as Record<string, unknown>;
  return values;
}
