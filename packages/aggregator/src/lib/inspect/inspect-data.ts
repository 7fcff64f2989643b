import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { hasTable } from "../has-table.ts";
import { STATE_FILE } from "../history/embedded-reader.ts";
import { describeFault } from "../log/errors.ts";
import { logFolder } from "../log/open-segments.ts";
import { DatabaseSync } from "../sqlite.ts";
import { inspectLog, type LogInspection } from "./inspect-log.ts";
import { inspectTrades, type TradesInspection } from "./inspect-trades.ts";

export interface DataInspection {
  /** undefined: there is no log. A text: why its folder cannot be read. */
  readonly log: LogInspection | string | undefined;
  /** undefined: there is no state. A text: why it cannot be read. */
  readonly trades: TradesInspection | string | undefined;
}

const positionRow = z.object({ position: z.number().nullable() });

/**
 * Looks at what a data folder holds: the log's files and the trades of the history, each for `budgetMs`, and a segment or an hour of
 * trades longer. Nothing is written, made or locked: an aggregator may be writing meanwhile.
 */
export function inspectData(dataDir: string, budgetMs: number): DataInspection {
  const file = join(dataDir, STATE_FILE);
  const { reached, trades } = existsSync(file) ? readState(file, budgetMs) : noState;
  return { log: readLog(dataDir, reached, budgetMs), trades };
}

function readLog(dataDir: string, reached: number, budgetMs: number): DataInspection["log"] {
  if (!existsSync(logFolder(dataDir))) return undefined;
  try {
    const log = inspectLog(dataDir, reached, performance.now() + budgetMs);
    return log.segments === 0 ? undefined : log;
  } catch (error) {
    return describeFault(error);
  }
}

interface ReadState {
  /** Position of the newest checkpoint. */
  readonly reached: number;
  readonly trades: DataInspection["trades"];
}

const noState: ReadState = { reached: 0, trades: undefined };

function readState(file: string, budgetMs: number): ReadState {
  const isStill = !isInUse(file);
  try {
    const database = openState(file, isStill);
    try {
      const reached = newestCheckpoint(database);
      return { reached, trades: inspectTrades(database, performance.now() + budgetMs) };
    } finally {
      database.close();
    }
  } catch (error) {
    // An aggregator was started meanwhile.
    if (isStill && isInUse(file)) return readState(file, budgetMs);
    return { reached: 0, trades: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether an aggregator writes it, or was killed. */
function isInUse(file: string): boolean {
  return existsSync(`${file}-wal`);
}

/** Without `immutable`, SQLite makes files beside one that nobody uses. */
function openState(file: string, isStill: boolean): DatabaseSync {
  if (!isStill) return new DatabaseSync(file, { readOnly: true, timeout: 1_000 });
  const url = pathToFileURL(file);
  url.searchParams.set("immutable", "1");
  return new DatabaseSync(url, { readOnly: true });
}

/** What a checkpoint covers has been in the log. */
function newestCheckpoint(database: DatabaseSync): number {
  if (!hasTable(database, "engine_checkpoints")) return 0;
  const sql = `SELECT max(position) AS position FROM engine_checkpoints WHERE position BETWEEN 0 AND ${Number.MAX_SAFE_INTEGER}`;
  return positionRow.parse(database.prepare(sql).get()).position ?? 0;
}
