import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Instants of the dashboards' series by their time, Unix ms, each with its values. */
export type Series = ReadonlyMap<number, Readonly<Record<string, unknown>>>;

/**
 * The series that the embedded store of a data directory holds of a desk, read by other code than the store's own.
 *
 * @param desk "" for the aggregator's own
 */
export function readStoredSeries(data: string, desk = ""): Series {
  const file = ["state.sqlite", "dashboard.sqlite"].map((name) => join(data, name)).find(existsSync);
  if (file === undefined) throw new Error(`${data} holds no embedded store.`);
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    // An aggregator that ended before its first instant has not made it.
    if (database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'series'").get() === undefined)
      return new Map();
    const [from, ...parameters] = desk === "" ? ["series"] : ["series_of_desks WHERE desk = ?", desk];
    const rows = database.prepare(`SELECT time_ms, member FROM ${from} ORDER BY time_ms`).all(...parameters);
    return new Map(rows.map((row) => [Number(row.time_ms), valuesOf(String(row.member))]));
  } finally {
    database.close();
  }
}

function valuesOf(member: string): Record<string, unknown> {
  const { time: _, ...values } = JSON.parse(member) as Record<string, unknown>;
  return values;
}
