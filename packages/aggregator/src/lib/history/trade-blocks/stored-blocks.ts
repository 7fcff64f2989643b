import type { DatabaseSync, StatementSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { DESK_COLUMN, historyTable } from "@slipstream/conventions";
import type { HistoryRow, HistoryValue } from "@slipstream/engine/storage";
import { bytes, object, string } from "../../stored-form/form.ts";
import { DamagedBlock, readBlock } from "./block-reader.ts";
import { type BlockColumn, parseLayout } from "./layout.ts";

/** A block as its row says. */
export interface StoredBlock {
  readonly change: number;
  readonly rows: number;
  readonly desk: string;
  readonly from_us: number;
  readonly to_us: number;
  readonly position: number;
  readonly layout: number;
  readonly checksum: number;
}

/** The columns of `trade_blocks` that `headerOf` takes. */
export const HEADER = "change, rows, desk, from_us, to_us, position, layout, checksum";

/** A statement that gives headers: as arrays, with numbers that may be larger than any that was written. */
export function prepareHeaders(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  statement.setReadBigInts(true);
  return statement;
}

/** The header in a row; undefined if it has a number that was never written. */
export function headerOf(row: unknown): StoredBlock | undefined {
  const [change, rows, desk, fromUs, toUs, position, layout, checksum] = row as readonly unknown[];
  const numbers = [change, rows, fromUs, toUs, position, layout, checksum].map(Number);
  if (!numbers.every(Number.isSafeInteger) || Number(rows) < 1) return undefined;
  return {
    change: Number(change),
    rows: Number(rows),
    desk: String(desk),
    from_us: Number(fromUs),
    to_us: Number(toUs),
    position: Number(position),
    layout: Number(layout),
    checksum: Number(checksum),
  };
}

const layoutRow = object({ columns: string }).optional();
const dataRow = object({ data: bytes }).optional();
const deskRow = object({ desk: string.nullable() });

const tableColumns = historyTable("trades").columns;
const deskPlace = tableColumns.findIndex(({ name }) => name === DESK_COLUMN);

interface Layout {
  readonly text: string;
  readonly columns: readonly BlockColumn[];
  /** For each column of the table its place in a block's row; -1 if the block lacks it. */
  readonly places: readonly number[];
}

/** Reads the blocks of a database. */
export class StoredBlocks {
  readonly #database: DatabaseSync;
  readonly #layouts: Map<number, Layout> = new Map();
  readonly #data;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#data = database.prepare("SELECT data FROM trade_rows WHERE change = ?");
  }

  /** A block's rows, in the order in which they were written. @throws DamagedBlock */
  read(block: StoredBlock): HistoryRow[] {
    const data = dataRow.parse(this.#data.get(block.change))?.data;
    if (data === undefined) throw new DamagedBlock("its rows are missing");
    const { rows, desk, from_us: fromUs, to_us: toUs, position } = block;
    const { text, columns, places } = this.#layoutOf(block.layout);
    if (checksumOf({ rows, desk, fromUs, toUs, position, layout: text }, data) !== block.checksum)
      throw new DamagedBlock("its checksum is another");
    return readBlock(data, columns, rows).map((values) => {
      const row: HistoryValue[] = [];
      for (const [column, place] of places.entries())
        row.push(column === deskPlace ? desk : (values[place] ?? null));
      return { table: "trades", values: row };
    });
  }

  /** Names of the desks that have blocks, ascending. */
  desks(): string[] {
    const found: string[] = [];
    // From one desk to the next by the index, past the blocks of each.
    const next = this.#database.prepare("SELECT min(desk) AS desk FROM trade_blocks WHERE desk > ?");
    let { desk } = deskRow.parse(this.#database.prepare("SELECT min(desk) AS desk FROM trade_blocks").get());
    while (desk !== null) {
      found.push(desk);
      ({ desk } = deskRow.parse(next.get(desk)));
    }
    return found;
  }

  /** Event time of the newest row that can be read, microseconds; undefined if there is none. */
  newestUs(): number | undefined {
    const newest = prepareHeaders(
      this.#database,
      `SELECT ${HEADER} FROM trade_blocks WHERE desk = ? ORDER BY to_us DESC`,
    );
    let time: number | undefined;
    for (const desk of this.desks()) {
      for (const row of newest.iterate(desk)) {
        const block = headerOf(row);
        if (block === undefined || !this.#isWhole(block)) continue;
        time = Math.max(time ?? block.to_us, block.to_us);
        break;
      }
    }
    return time;
  }

  #isWhole(block: StoredBlock): boolean {
    try {
      this.read(block);
      return true;
    } catch (error) {
      if (error instanceof DamagedBlock) return false;
      throw error;
    }
  }

  #layoutOf(id: number): Layout {
    const known = this.#layouts.get(id);
    if (known !== undefined) return known;
    const row = this.#database.prepare("SELECT columns FROM trade_layouts WHERE layout = ?").get(id);
    const text = layoutRow.parse(row)?.columns;
    if (text === undefined) throw new DamagedBlock("its layout is missing");
    const columns = columnsOf(text);
    const places = tableColumns.map(({ name }) => columns.findIndex((column) => column.name === name));
    const layout = { text, columns, places };
    this.#layouts.set(id, layout);
    return layout;
  }
}

/** What the checksum of a block covers beside its bytes. */
export interface ChecksumParts {
  readonly rows: number;
  readonly desk: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly position: number;
  /** As text. */
  readonly layout: string;
}

export function checksumOf(parts: ChecksumParts, data: Uint8Array): number {
  const { rows, desk, fromUs, toUs, position, layout } = parts;
  return crc32(data, crc32(JSON.stringify([rows, desk, fromUs, toUs, position, layout])));
}

function columnsOf(text: string): readonly BlockColumn[] {
  try {
    return parseLayout(text);
  } catch {
    throw new DamagedBlock("this version of Slipstream does not know its layout");
  }
}
