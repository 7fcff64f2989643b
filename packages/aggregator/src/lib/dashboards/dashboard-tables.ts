import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { currentEntries, decodePoint, encodePoint } from "./dashboard-codec.ts";
import { newestPoint, touchedDays } from "./dashboard-point.ts";
import { currentTtlSeconds, type DashboardPoint, type DayCount } from "./dashboards.ts";
import { dayMs, oldestRetained } from "./retention.ts";

const schema = `
  CREATE TABLE IF NOT EXISTS series (time_ms INTEGER PRIMARY KEY, member TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS current (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires_ms INTEGER NOT NULL) STRICT;
`;

const memberRows = z.array(z.object({ member: z.string() }));
const numberRow = z.object({ number: z.number() });
const keyRows = z.array(z.object({ key: z.string(), value: z.string() }));

/**
 * What Redis holds for the dashboards, in two tables of a database: the nine keys with their expiry, and the series of the
 * current UTC day and the 7 before it. Writes are part of the caller's transaction.
 */
export class DashboardTables {
  readonly #database: DatabaseSync;
  readonly #putPoint;
  readonly #newest;
  readonly #prune;
  readonly #range;
  readonly #countRange;
  readonly #putKey;
  readonly #keys;

  constructor(database: DatabaseSync) {
    database.exec(schema);
    this.#database = database;
    this.#putPoint = database.prepare("INSERT OR REPLACE INTO series (time_ms, member) VALUES (?, ?)");
    this.#newest = database.prepare("SELECT coalesce(max(time_ms), 0) AS number FROM series");
    this.#prune = database.prepare("DELETE FROM series WHERE time_ms < ?");
    this.#range = database.prepare(
      "SELECT member FROM series WHERE time_ms BETWEEN ? AND ? ORDER BY time_ms",
    );
    this.#countRange = database.prepare(
      "SELECT count(*) AS number FROM series WHERE time_ms >= ? AND time_ms < ?",
    );
    this.#putKey = database.prepare(
      "INSERT OR REPLACE INTO current (key, value, expires_ms) VALUES (?, ?, ?)",
    );
    this.#keys = database.prepare("SELECT key, value FROM current WHERE expires_ms > ?");
  }

  /** @param current whether the newest of the points goes into the nine keys */
  write(points: readonly DashboardPoint[], current: boolean, nowMs: number): void {
    for (const point of points) this.#putPoint.run(point.timeMs, encodePoint(point));
    const newestMs = numberRow.parse(this.#newest.get()).number;
    this.#prune.run(oldestRetained(Math.max(nowMs, newestMs)));
    const last = newestPoint(points);
    if (current && last !== undefined) this.#writeCurrent(last, nowMs);
  }

  /** How many instants there are of each day that the points lie in. */
  counts(points: readonly DashboardPoint[]): readonly DayCount[] {
    return touchedDays(points).map((day) => ({ dayMs: day, instants: this.count(day) }));
  }

  current(nowMs: number): Readonly<Record<string, string>> {
    return Object.fromEntries(keyRows.parse(this.#keys.all(nowMs)).map(({ key, value }) => [key, value]));
  }

  series(fromMs: number, toMs: number): readonly DashboardPoint[] {
    const rows = memberRows.parse(this.#range.all(Math.ceil(fromMs), Math.floor(toMs)));
    return rows.map(({ member }) => decodePoint(member)).filter((point) => point !== undefined);
  }

  count(day: number): number {
    return numberRow.parse(this.#countRange.get(day, day + dayMs)).number;
  }

  #writeCurrent(point: DashboardPoint, nowMs: number): void {
    this.#database.exec("DELETE FROM current");
    for (const [key, value] of currentEntries(point.values)) {
      if (value !== undefined) this.#putKey.run(key, value, nowMs + currentTtlSeconds * 1000);
    }
  }
}
