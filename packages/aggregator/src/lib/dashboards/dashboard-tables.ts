import type { DatabaseSync } from "node:sqlite";
import { OWN_DESK } from "@slipstream/engine/storage";
import { array, number, object, string } from "../stored-form/form.ts";
import { currentEntries, decodePoint, encodePoint } from "./dashboard-codec.ts";
import { newestPoint, touchedDays } from "./dashboard-point.ts";
import { currentTtlSeconds, type DashboardPoint, type DayCount } from "./dashboards.ts";
import { dayMs, oldestRetained } from "./retention.ts";

/** Older versions know the first two, which are the own desk's. */
const schema = `
  CREATE TABLE IF NOT EXISTS series (time_ms INTEGER PRIMARY KEY, member TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS current (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires_ms INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS series_of_desks (
    desk TEXT NOT NULL, time_ms INTEGER NOT NULL, member TEXT NOT NULL, PRIMARY KEY (desk, time_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS current_of_desks (
    desk TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires_ms INTEGER NOT NULL, PRIMARY KEY (desk, key)
  ) STRICT, WITHOUT ROWID;
`;

const memberRows = array(object({ member: string }));
const numberRow = object({ number: number });
const keyRows = array(object({ key: string, value: string }));

/**
 * What Redis holds for the dashboards of a desk, in two tables of a database: the nine keys with their expiry, and the series of
 * the current UTC day and the 7 before it. Writes are part of the caller's transaction.
 */
export class DashboardTables {
  readonly #desk: readonly string[];
  readonly #putPoint;
  readonly #newest;
  readonly #prune;
  readonly #range;
  readonly #countRange;
  readonly #putKey;
  readonly #clearKeys;
  readonly #keys;

  constructor(database: DatabaseSync, desk: string = OWN_DESK) {
    database.exec(schema);
    const isOwn = desk === OWN_DESK;
    this.#desk = isOwn ? [] : [desk];
    const [series, current] = isOwn ? ["series", "current"] : ["series_of_desks", "current_of_desks"];
    const [column, value, where] = isOwn ? ["", "", "TRUE"] : ["desk, ", "?, ", "desk = ?"];
    this.#putPoint = database.prepare(
      `INSERT OR REPLACE INTO ${series} (${column}time_ms, member) VALUES (${value}?, ?)`,
    );
    this.#newest = database.prepare(
      `SELECT coalesce(max(time_ms), 0) AS number FROM ${series} WHERE ${where}`,
    );
    this.#prune = database.prepare(`DELETE FROM ${series} WHERE ${where} AND time_ms < ?`);
    this.#range = database.prepare(
      `SELECT member FROM ${series} WHERE ${where} AND time_ms BETWEEN ? AND ? ORDER BY time_ms`,
    );
    this.#countRange = database.prepare(
      `SELECT count(*) AS number FROM ${series} WHERE ${where} AND time_ms >= ? AND time_ms < ?`,
    );
    this.#putKey = database.prepare(
      `INSERT OR REPLACE INTO ${current} (${column}key, value, expires_ms) VALUES (${value}?, ?, ?)`,
    );
    this.#clearKeys = database.prepare(`DELETE FROM ${current} WHERE ${where}`);
    this.#keys = database.prepare(`SELECT key, value FROM ${current} WHERE ${where} AND expires_ms > ?`);
  }

  /** @param current whether the newest of the points goes into the nine keys */
  write(points: readonly DashboardPoint[], current: boolean, nowMs: number): void {
    for (const point of points) this.#putPoint.run(...this.#desk, point.timeMs, encodePoint(point));
    const newestMs = numberRow.parse(this.#newest.get(...this.#desk)).number;
    this.#prune.run(...this.#desk, oldestRetained(Math.max(nowMs, newestMs)));
    const last = newestPoint(points);
    if (current && last !== undefined) this.#writeCurrent(last, nowMs);
  }

  /** How many instants there are of each day that the points lie in. */
  counts(points: readonly DashboardPoint[]): readonly DayCount[] {
    return touchedDays(points).map((day) => ({ dayMs: day, instants: this.count(day) }));
  }

  current(nowMs: number): Readonly<Record<string, string>> {
    const rows = keyRows.parse(this.#keys.all(...this.#desk, nowMs));
    return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
  }

  series(fromMs: number, toMs: number): readonly DashboardPoint[] {
    const rows = memberRows.parse(this.#range.all(...this.#desk, Math.ceil(fromMs), Math.floor(toMs)));
    return rows.map(({ member }) => decodePoint(member)).filter((point) => point !== undefined);
  }

  count(day: number): number {
    return numberRow.parse(this.#countRange.get(...this.#desk, day, day + dayMs)).number;
  }

  #writeCurrent(point: DashboardPoint, nowMs: number): void {
    this.#clearKeys.run(...this.#desk);
    for (const [key, value] of currentEntries(point.values)) {
      if (value !== undefined) this.#putKey.run(...this.#desk, key, value, nowMs + currentTtlSeconds * 1000);
    }
  }
}
