import type { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import type { HistoryRow } from "@slipstream/engine/storage";
import { printPosition } from "../../log/position.ts";
import { number, object } from "../../stored-form/form.ts";
import type { TradeBlock } from "./block.ts";
import { BlockHours } from "./block-hours.ts";
import { DamagedBlock } from "./block-reader.ts";
import { FilterGroups } from "./filter-groups.ts";
import { blockColumns, layoutText } from "./layout.ts";
import {
  checksumOf,
  HEADER,
  headerOf,
  prepareHeaders,
  type StoredBlock,
  StoredBlocks,
} from "./stored-blocks.ts";

/*
 * What is scanned for a lookup (`trade_blocks`) is apart from the rows (`trade_rows`), so that a scan need not read past them. Older
 * versions of Slipstream know none of these tables and leave them as they are: see docs/upgrade.md.
 */
const schema = `
  CREATE TABLE IF NOT EXISTS trade_layouts (layout INTEGER PRIMARY KEY, columns TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE IF NOT EXISTS trade_blocks (
    change INTEGER PRIMARY KEY,
    rows INTEGER NOT NULL,
    desk TEXT NOT NULL,
    from_us INTEGER NOT NULL,
    to_us INTEGER NOT NULL,
    position INTEGER NOT NULL,
    layout INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    filter_checksum INTEGER NOT NULL,
    filter BLOB NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS trade_blocks_times ON trade_blocks (desk, to_us);
  CREATE INDEX IF NOT EXISTS trade_blocks_positions ON trade_blocks (position);
  CREATE TABLE IF NOT EXISTS trade_rows (change INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
`;

const ownLayoutText = layoutText(blockColumns);

const layoutRow = object({ layout: number });

/** Change numbers, both included. */
export interface ChangeRange {
  readonly first: number;
  readonly last: number;
}

/** A block that cannot be read. */
export interface DamagedRange extends ChangeRange {
  /** What its header says of its event times; undefined if that cannot be. */
  readonly times: { readonly fromMs: number; readonly toMs: number } | undefined;
}

export interface NumberedRow {
  readonly change: number;
  readonly row: HistoryRow;
}

export interface BlockChanges {
  /** In the order of their numbers; the rows of the last block may be more than were asked for. */
  readonly rows: readonly NumberedRow[];
  readonly damaged: readonly DamagedRange[];
}

/** Blocks in a database. Writes are part of the caller's transaction. */
export class BlockTables {
  readonly #stored: StoredBlocks;
  readonly #layout: number;
  readonly #same;
  readonly #put;
  readonly #putRows;
  readonly #after;
  readonly #before;
  readonly #hours: BlockHours;
  readonly #old;
  readonly #delete;
  readonly #deleteRows;
  readonly #groups: FilterGroups;

  /** Makes the tables that are missing. */
  constructor(database: DatabaseSync) {
    database.exec(schema);
    this.#layout = ownLayout(database);
    this.#stored = new StoredBlocks(database);
    this.#same = database.prepare("SELECT 1 FROM trade_blocks WHERE position = ? AND checksum = ?");
    this.#put = database.prepare("INSERT INTO trade_blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    this.#putRows = database.prepare("INSERT INTO trade_rows VALUES (?, ?)");
    this.#after = prepareHeaders(
      database,
      `SELECT ${HEADER} FROM trade_blocks WHERE change > ? ORDER BY change`,
    );
    this.#before = prepareHeaders(database, "SELECT max(change) FROM trade_blocks WHERE change < ?");
    this.#hours = new BlockHours(database);
    this.#old = prepareHeaders(
      database,
      `SELECT ${HEADER} FROM trade_blocks WHERE change <= ? AND (change <= ? OR to_us < ?) ORDER BY change LIMIT ?`,
    );
    this.#delete = database.prepare("DELETE FROM trade_blocks WHERE change = ?");
    this.#groups = new FilterGroups(database);
    this.#deleteRows = database.prepare("DELETE FROM trade_rows WHERE change = ?");
  }

  /**
   * Writes a block, unless it is there already.
   * @param take takes so many change numbers and gives the first of them
   */
  write(block: TradeBlock, take: (rows: number) => number): void {
    const { rows, desk, fromUs, toUs, filter, data } = block;
    const position = printPosition(block.position);
    const about = { rows, desk, fromUs, toUs, position: Number(position), layout: ownLayoutText };
    const checksum = checksumOf(about, data);
    if (this.#same.get(position, checksum) !== undefined) return;
    const change = take(rows) + rows - 1;
    const layout = this.#layout;
    this.#hours.add({
      change,
      rows,
      desk,
      from_us: fromUs,
      to_us: toUs,
      position: about.position,
      layout,
      checksum,
    });
    this.#put.run(change, rows, desk, fromUs, toUs, position, layout, checksum, crc32(filter), filter);
    this.#putRows.run(change, data);
  }

  /** Rows that changed after the number: `limit` of them or some more, or all there are. */
  changes(after: number, limit: number): BlockChanges {
    const rows: NumberedRow[] = [];
    const damaged: DamagedRange[] = [];
    for (const row of this.#after.iterate(after)) {
      if (rows.length >= limit) break;
      const block = headerOf(row);
      const last = Number((row as unknown as readonly unknown[])[0]);
      // Such a number was never given.
      if (!Number.isSafeInteger(last)) break;
      try {
        if (block === undefined) throw new DamagedBlock("a number of its header was never written");
        const first = block.change - block.rows + 1;
        for (const [i, found] of this.#stored.read(block).entries())
          if (first + i > after) rows.push({ change: first + i, row: found });
      } catch (error) {
        if (!(error instanceof DamagedBlock)) throw error;
        const times = block && { fromMs: block.from_us / 1_000, toMs: block.to_us / 1_000 };
        damaged.push({ first: Math.max(this.#firstOf(last, block?.rows), after + 1), last, times });
      }
    }
    return { rows, damaged };
  }

  /** The first change of a damaged block. What its header says of its rows may be damaged too, but they come after the block before it. */
  #firstOf(last: number, rows = Number.POSITIVE_INFINITY): number {
    const [before] = this.#before.get(last) as unknown as readonly (bigint | null)[];
    return Math.max(last - rows, Number(before ?? 0n)) + 1;
  }

  /**
   * Deletes blocks up to a change number: those up to `overflow`, and those whose rows are all older than a time. Not many more rows
   * than `limit` at a time.
   */
  prune(limit: number, through: { change: number; overflow: number; oldestUs: number }): ChangeRange[] {
    const { change, overflow, oldestUs } = through;
    const pruned: ChangeRange[] = [];
    const known: StoredBlock[] = [];
    let left = limit;
    for (const row of this.#old.all(change, overflow, oldestUs, limit)) {
      if (left <= 0) break;
      const block = headerOf(row);
      const last = Number((row as unknown as readonly unknown[])[0]);
      const range = { first: this.#firstOf(last, block?.rows), last };
      if (block !== undefined) known.push(block);
      pruned.push(range);
      left -= range.last - range.first + 1;
    }
    this.#hours.remove(known);
    for (const { last } of pruned) {
      this.#delete.run(last);
      this.#deleteRows.run(last);
    }
    if (pruned.length > 0) this.#groups.forget();
    return pruned;
  }

  /** Makes looking a trade up faster, some blocks at a time. Says whether there may be more to do. */
  group(): boolean {
    return this.#groups.make();
  }

  /** Event time of the newest row, microseconds; undefined if there is none. */
  newestUs(): number | undefined {
    return this.#stored.newestUs();
  }
}

function ownLayout(database: DatabaseSync): number {
  const text = ownLayoutText;
  const known = database.prepare("SELECT layout FROM trade_layouts WHERE columns = ?").get(text);
  const row =
    known ?? database.prepare("INSERT INTO trade_layouts (columns) VALUES (?) RETURNING layout").get(text);
  return layoutRow.parse(row).layout;
}
