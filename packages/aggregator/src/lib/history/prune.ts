import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { HistoryTableName } from "@slipstream/conventions";
import { number, object } from "../stored-form/form.ts";
import { arraysOf, prepareArrays } from "./embedded-query.ts";
import { embeddedTables } from "./embedded-tables.ts";
import { DEFAULT_MAX_ROWS, type HistoryRetention, keepMs, longestMs } from "./retention.ts";
import type { BlockTables, ChangeRange } from "./trade-blocks/block-tables.ts";

export interface PruneRequest {
  /** Unix ms. */
  readonly nowMs: number;
  /** Number of the newest change. */
  readonly newest: number;
  /** Rows deleted, about, at most. */
  readonly limit: number;
}

const markRow = object({ change: number }).optional();

/**
 * Deletes what is past its retention: by the event's time, and by the time of writing as well, so that an old block of the chain which
 * is read in today is kept as long as a trade of today. Trades go by the block that they are packed in: once all of it is past.
 */
export class Pruner {
  readonly #retention: HistoryRetention;
  readonly #deletes: readonly (readonly [HistoryTableName, StatementSync])[];
  readonly #mark: StatementSync;
  readonly #forgetMarks: StatementSync;
  readonly #blocks: BlockTables;

  constructor(database: DatabaseSync, blocks: BlockTables, retention: HistoryRetention) {
    this.#retention = retention;
    this.#blocks = blocks;
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

  /** @returns change numbers of the rows that were deleted */
  prune({ nowMs, newest, limit }: PruneRequest): readonly ChangeRange[] {
    const overflow = newest - (this.#retention.maxRows ?? DEFAULT_MAX_ROWS);
    const bounds = (table: HistoryTableName): { change: number; overflow: number; oldestUs: number } => {
      const oldestMs = nowMs - keepMs(this.#retention, table);
      const written = markRow.parse(this.#mark.get(oldestMs))?.change ?? 0;
      // The change is what bounds the rows that are looked at.
      return { change: Math.max(overflow, written), overflow, oldestUs: oldestMs * 1_000 };
    };
    const pruned = [...this.#blocks.prune(limit, bounds("trades"))];
    let left = limit - rowsIn(pruned);
    for (const [table, remove] of this.#deletes) {
      if (left <= 0) break;
      const { change, oldestUs } = bounds(table);
      const deleted = arraysOf(remove.all(change, overflow, oldestUs, left)).map(([number]) =>
        Number(number),
      );
      left -= deleted.length;
      pruned.push(...deleted.map((number) => ({ first: number, last: number })));
    }
    // One mark older than any retention is enough to know what was written before.
    this.#forgetMarks.run(nowMs - 2 * longestMs(this.#retention));
    return pruned;
  }
}

export function rowsIn(ranges: readonly ChangeRange[]): number {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}
