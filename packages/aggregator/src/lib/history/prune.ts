import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { HistoryTableName } from "@slipstream/conventions";
import { z } from "zod";
import { arraysOf, prepareArrays } from "./embedded-query.ts";
import { embeddedTables } from "./embedded-tables.ts";
import { DEFAULT_MAX_ROWS, type HistoryRetention, keepMs, longestMs } from "./retention.ts";

export interface PruneRequest {
  /** Unix ms. */
  readonly nowMs: number;
  /** Number of the newest change. */
  readonly newest: number;
  /** Rows deleted, at most. */
  readonly limit: number;
}

export interface Pruned {
  /** Change numbers of the rows that were deleted. */
  readonly changes: readonly number[];
}

const markRow = z.object({ change: z.number() }).optional();

/**
 * Deletes what is past its retention: by the event's time, and by the time of writing as well, so that an old block which
 * is read in today is kept as long as a trade of today.
 */
export class Pruner {
  readonly #retention: HistoryRetention;
  readonly #deletes: readonly (readonly [HistoryTableName, StatementSync])[];
  readonly #mark: StatementSync;
  readonly #forgetMarks: StatementSync;

  constructor(database: DatabaseSync, retention: HistoryRetention) {
    this.#retention = retention;
    this.#deletes = embeddedTables.map(({ table, name }) => [
      table,
      prepareArrays(
        database,
        `DELETE FROM ${name} WHERE change IN (SELECT change FROM ${name} ` +
          "WHERE change <= ? AND (change <= ? OR timestamp < ?) ORDER BY change LIMIT ?) RETURNING change",
      ),
    ]);
    this.#mark = database.prepare(
      "SELECT change FROM history_marks WHERE written_ms <= ? ORDER BY written_ms DESC LIMIT 1",
    );
    this.#forgetMarks = database.prepare("DELETE FROM history_marks WHERE written_ms < ?");
  }

  prune({ nowMs, newest, limit }: PruneRequest): Pruned {
    const overflow = newest - (this.#retention.maxRows ?? DEFAULT_MAX_ROWS);
    const changes: number[] = [];
    for (const [table, remove] of this.#deletes) {
      if (changes.length >= limit) break;
      const oldestMs = nowMs - keepMs(this.#retention, table);
      const written = markRow.parse(this.#mark.get(oldestMs))?.change ?? 0;
      // The first condition is what bounds the rows that are looked at.
      const deleted = remove.all(
        Math.max(overflow, written),
        overflow,
        oldestMs * 1_000,
        limit - changes.length,
      );
      changes.push(...arraysOf(deleted).map(([change]) => Number(change)));
    }
    // One mark older than any retention is enough to know what was written before.
    this.#forgetMarks.run(nowMs - 2 * longestMs(this.#retention));
    return { changes };
  }
}
