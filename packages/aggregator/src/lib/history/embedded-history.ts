import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { HistoryTableName } from "@slipstream/conventions";
import { type HistoryRow, OWN_DESK, timestampUs } from "@slipstream/engine/storage";
import type { ChangeSource, Changes } from "./change-source.ts";
import { arraysOf, findRows, prepareArrays } from "./embedded-query.ts";
import { createHistoryTables, prepareUpsert } from "./embedded-schema.ts";
import { EmbeddedSource } from "./embedded-source.ts";
import { columnList, deskOf, type EmbeddedTable, embeddedTables, storedValues } from "./embedded-tables.ts";
import { FinalVerdicts } from "./final-verdicts.ts";
import { HistoryState } from "./history-state.ts";
import type { MissingRows } from "./missing-rows.ts";
import { Pruner, rowsIn } from "./prune.ts";
import { allRows, type FoundRows, type HistoryQuery } from "./query.ts";
import type { HistoryRetention } from "./retention.ts";
import type { TradeBlock } from "./trade-blocks/block.ts";
import { BlockTables, type NumberedRow } from "./trade-blocks/block-tables.ts";

export interface EmbeddedHistoryOptions {
  readonly retention?: HistoryRetention | undefined;
  /** Unix ms. */
  readonly now?: (() => number) | undefined;
  /** Told of rows that a sink does not get, because they are damaged. */
  readonly onDamaged?: ((sink: string, missing: MissingRows) => void) | undefined;
}

interface Statements {
  readonly table: EmbeddedTable;
  readonly upsert: StatementSync;
  readonly changes: StatementSync;
}

/**
 * The history's tables in SQLite: the default without QuestDB, and what QuestDB is filled from. It neither opens nor
 * closes the database, and begins no transaction: its owner's checkpoint belongs in the same one as the rows.
 */
export class EmbeddedHistory {
  readonly #database: DatabaseSync;
  readonly #now: () => number;
  readonly #all: readonly Statements[];
  readonly #own: ReadonlyMap<HistoryTableName, Statements>;
  readonly #others: ReadonlyMap<HistoryTableName, Statements>;
  readonly #state: HistoryState;
  readonly #blocks: BlockTables;
  readonly #pruner: Pruner;
  readonly #sources: Map<string, EmbeddedSource> = new Map();
  readonly #onDamaged: EmbeddedHistoryOptions["onDamaged"];
  readonly #verdicts: Map<string, FinalVerdicts> = new Map();
  #newestTimeMs: number | undefined;

  /** Makes the tables that are missing. */
  constructor(database: DatabaseSync, options: EmbeddedHistoryOptions = {}) {
    const { retention = {}, now = Date.now, onDamaged } = options;
    this.#onDamaged = onDamaged;
    createHistoryTables(database);
    this.#database = database;
    this.#now = now;
    this.#all = embeddedTables.map((table) => prepareTable(database, table));
    const byTable = (isOthers: boolean): ReadonlyMap<HistoryTableName, Statements> =>
      new Map(
        this.#all.flatMap((one) =>
          one.table.isOthers === isOthers ? [[one.table.table, one] as const] : [],
        ),
      );
    this.#own = byTable(false);
    this.#others = byTable(true);
    this.#state = new HistoryState(database);
    this.#blocks = new BlockTables(database);
    this.#pruner = new Pruner(database, this.#blocks, retention);
    this.#newestTimeMs = newestTimeMs(database, this.#blocks);
  }

  /** Number of the newest change; 0 before the first. */
  get newest(): number {
    return this.#state.newest;
  }

  /** Newest event time of any row, Unix ms. */
  get newestTimeMs(): number | undefined {
    return this.#newestTimeMs;
  }

  /** The name under which the own desk is asked for in the file. */
  nameOwnDesk(name: string): void {
    this.#database.exec("DELETE FROM own_desk");
    this.#database.prepare("INSERT INTO own_desk (name) VALUES (?)").run(name);
  }

  /**
   * Writes rows, in the transaction that is open. A row that changes nothing keeps its change number, and so do those of a block that
   * is there. Rows of trades come in blocks; as rows they are written as older versions did.
   */
  write(rows: readonly HistoryRow[], blocks: readonly TradeBlock[] = []): void {
    if (rows.length > 0) this.#writeRows(rows);
    for (const block of blocks) {
      this.#blocks.write(block, (count) => this.#state.take(count, this.#now()));
      this.#noteTime(block.toUs);
    }
  }

  #writeRows(rows: readonly HistoryRow[]): void {
    const first = this.#state.take(rows.length, this.#now());
    for (const [i, row] of rows.entries()) {
      const statements = (deskOf(row) === OWN_DESK ? this.#own : this.#others).get(row.table);
      statements?.upsert.run(first + i, ...storedValues(statements.table, row));
      this.#noteTime(timestampUs(row));
    }
  }

  #noteTime(timeUs: number): void {
    this.#newestTimeMs = Math.max(this.#newestTimeMs ?? 0, timeUs / 1_000);
  }

  /** At most `limit` rows that changed after the number, in the order in which they changed. */
  changes(after: number, limit: number): Changes {
    const found: NumberedRow[] = this.#all.flatMap(({ table: { table }, changes }) =>
      arraysOf(changes.all(after, limit)).map(([change, ...values]) => ({
        change: Number(change),
        row: { table, values },
      })),
    );
    const { rows, damaged } = this.#blocks.changes(after, limit);
    found.push(...rows);
    found.sort((a, b) => a.change - b.change);
    const given = found.slice(0, limit);
    const change = (given.length < limit ? this.newest : given.at(-1)?.change) ?? after;
    const passed = damaged.filter(({ last }) => last <= change);
    for (const [sink, source] of this.#sources) {
      const missing = source.noteDamaged(passed);
      if (missing !== undefined) this.#onDamaged?.(sink, missing);
    }
    return { rows: given.map(({ row }) => row), change };
  }

  /** What a sink is filled from; its position is kept under the sink's name. */
  sourceFor(sink: string): ChangeSource {
    const source = this.#sources.get(sink) ?? new EmbeddedSource(this, this.#database, sink);
    this.#sources.set(sink, source);
    return source;
  }

  /** The final verdicts for a sink; how far it has come is kept under its name. */
  finalVerdictsFor(sink: string): FinalVerdicts {
    const verdicts = this.#verdicts.get(sink) ?? new FinalVerdicts(this, this.#database, sink);
    this.#verdicts.set(sink, verdicts);
    return verdicts;
  }

  /** What a query finds. @throws SlipstreamError where the table has no such column. */
  find(query: HistoryQuery): FoundRows {
    return findRows(this.#database, query);
  }

  /** All rows of a query, ascending. @throws SlipstreamError as `find`, and `history_damaged` */
  rows(query: HistoryQuery): readonly HistoryRow[] {
    return allRows(this.find(query));
  }

  /**
   * Deletes rows past their retention, about `limit` at most, so that nobody waits for long.
   * @returns how many: if it is `limit` or more, there may be more
   */
  prune(limit = 5_000): number {
    const pruned = this.#pruner.prune({ nowMs: this.#now(), newest: this.newest, limit });
    for (const source of this.#sources.values()) source.noteDropped(pruned);
    if (pruned.length > 0) for (const verdicts of this.#verdicts.values()) verdicts.notePruned();
    return rowsIn(pruned);
  }

  /** Makes looking a trade up faster, some blocks at a time. Says whether there may be more to do. */
  group(): boolean {
    return this.#blocks.group();
  }
}

function prepareTable(database: DatabaseSync, table: EmbeddedTable): Statements {
  return {
    table,
    upsert: prepareUpsert(database, table),
    changes: prepareArrays(
      database,
      `SELECT change, ${columnList(table)} FROM ${table.name} WHERE change > ? ORDER BY change LIMIT ?`,
    ),
  };
}

function newestTimeMs(database: DatabaseSync, blocks: BlockTables): number | undefined {
  const times = embeddedTables.flatMap(({ name }) =>
    arraysOf(prepareArrays(database, `SELECT max(timestamp) FROM ${name}`).all()).flat(),
  );
  const known = [...times, blocks.newestUs() ?? null].filter((time) => time !== null).map(Number);
  return known.length === 0 ? undefined : Math.max(...known) / 1_000;
}
