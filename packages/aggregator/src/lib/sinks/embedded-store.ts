import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { currentEntries, decodePoint, encodePoint } from "./dashboard-codec.ts";
import { newestPoint, touchedDays } from "./dashboard-point.ts";
import { currentTtlSeconds, type DashboardPoint, type DashboardStore } from "./dashboard-store.ts";
import { dayMs, oldestRetained } from "./retention.ts";

export interface EmbeddedStoreOptions {
  /** SQLite file of the store; without it the store lives in memory. */
  readonly file?: string;
  /** Unix ms. */
  readonly now?: () => number;
}

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS series (time_ms INTEGER PRIMARY KEY, member TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS current (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires_ms INTEGER NOT NULL) STRICT;
`;

const memberRows = z.array(z.object({ member: z.string() }));
const numberRow = z.object({ number: z.number() });
const keyRows = z.array(z.object({ key: z.string(), value: z.string() }));

/**
 * What Redis holds for the dashboards, kept by the aggregator itself: the nine keys with their expiry, and the series of
 * the current UTC day and the 7 before it.
 */
export function createEmbeddedStore(options: EmbeddedStoreOptions = {}): DashboardStore {
  const { file = ":memory:", now = Date.now } = options;
  const database = new DatabaseSync(file);
  database.exec(schema);
  const putPoint = database.prepare("INSERT OR REPLACE INTO series (time_ms, member) VALUES (?, ?)");
  const newest = database.prepare("SELECT coalesce(max(time_ms), 0) AS number FROM series");
  const prune = database.prepare("DELETE FROM series WHERE time_ms < ?");
  const range = database.prepare("SELECT member FROM series WHERE time_ms BETWEEN ? AND ? ORDER BY time_ms");
  const countRange = database.prepare(
    "SELECT count(*) AS number FROM series WHERE time_ms >= ? AND time_ms < ?",
  );
  const putKey = database.prepare("INSERT OR REPLACE INTO current (key, value, expires_ms) VALUES (?, ?, ?)");
  const clearKeys = database.prepare("DELETE FROM current");
  const keys = database.prepare("SELECT key, value FROM current WHERE expires_ms > ?");

  function countDay(day: number): number {
    return numberRow.parse(countRange.get(day, day + dayMs)).number;
  }

  function writeCurrent(point: DashboardPoint): void {
    clearKeys.run();
    for (const [key, value] of currentEntries(point.values)) {
      if (value !== undefined) putKey.run(key, value, now() + currentTtlSeconds * 1000);
    }
  }

  return {
    name: "embedded",
    async write(points, { current }) {
      database.exec("BEGIN IMMEDIATE");
      try {
        for (const point of points) putPoint.run(point.timeMs, encodePoint(point));
        prune.run(oldestRetained(Math.max(now(), numberRow.parse(newest.get()).number)));
        const last = newestPoint(points);
        if (current && last !== undefined) writeCurrent(last);
        database.exec("COMMIT");
      } catch (error) {
        if (database.isTransaction) database.exec("ROLLBACK");
        throw error;
      }
      return touchedDays(points).map((day) => ({ dayMs: day, instants: countDay(day) }));
    },
    async current() {
      return Object.fromEntries(keyRows.parse(keys.all(now())).map(({ key, value }) => [key, value]));
    },
    async series(fromMs, toMs) {
      const rows = memberRows.parse(range.all(Math.ceil(fromMs), Math.floor(toMs)));
      return rows.map(({ member }) => decodePoint(member)).filter((point) => point !== undefined);
    },
    async count(day) {
      return countDay(day);
    },
    async close() {
      if (database.isOpen) database.close();
    },
  };
}
