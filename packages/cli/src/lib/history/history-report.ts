import { type HistoryTableName, historyTable } from "@slipstream/conventions";
import { type HistoryRow, type HistoryValue, recordOf } from "@slipstream/engine";
import { cut, unknown } from "../view/format.ts";
import { shownColumns } from "./history-columns.ts";

const WIDEST = 44;

/** The rows as a table for people: the most telling columns, numbers to the right, unknown as a dash. */
export function historyReport(table: HistoryTableName, rows: readonly HistoryRow[]): string {
  const names = shownColumns(table);
  const columns = names.map((name) => {
    const isNumber = ["int", "double"].includes(typeOf(table, name));
    const cells = [name, ...rows.map((row) => cellText(table, name, recordOf(row)[name] ?? null))];
    const width = Math.max(...cells.map((cell) => cell.length));
    return cells.map((cell) => (isNumber ? cell.padStart(width) : cell.padEnd(width)));
  });
  const lines = Array.from({ length: rows.length + 1 }, (_, line) =>
    columns
      .map((cells) => cells[line] ?? "")
      .join("  ")
      .trimEnd(),
  );
  return lines.join("\n");
}

/** The rows as JSON carries them: by the names of all columns, times in ISO 8601 with microseconds. */
export function historyJson(rows: readonly HistoryRow[]): readonly Readonly<Record<string, HistoryValue>>[] {
  return rows.map((row) => ({ ...recordOf(row), timestamp: isoTime(Number(row.values[0])) }));
}

/** Microseconds since 1970 in ISO 8601, UTC. */
export function isoTime(microseconds: number): string {
  const whole = Math.floor(microseconds / 1_000);
  const rest = String(microseconds - whole * 1_000).padStart(3, "0");
  return new Date(whole).toISOString().replace("Z", `${rest}Z`);
}

function cellText(table: HistoryTableName, name: string, value: HistoryValue): string {
  if (value === null) return unknown;
  const type = typeOf(table, name);
  if (type === "time") return isoTime(Number(value)).replace("T", " ").slice(0, 23);
  if (type === "double") return String(Number(Number(value).toPrecision(5)));
  return cut(String(value).replaceAll(/\s+/g, " "), WIDEST);
}

function typeOf(table: HistoryTableName, name: string): string {
  return historyTable(table).columns.find((column) => column.name === name)?.type ?? "text";
}
