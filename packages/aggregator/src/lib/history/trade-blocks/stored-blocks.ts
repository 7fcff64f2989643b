import type { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { DESK_COLUMN, historyTable } from "@slipstream/conventions";
import type { HistoryRow, HistoryValue } from "@slipstream/engine/storage";
import { z } from "zod";
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

export const storedBlock: z.ZodType<StoredBlock> = z.object({
  change: z.number(),
  rows: z.number(),
  desk: z.string(),
  from_us: z.number(),
  to_us: z.number(),
  position: z.number(),
  layout: z.number(),
  checksum: z.number(),
});

const layoutRow = z.object({ columns: z.string() }).optional();
const dataRow = z.object({ data: z.instanceof(Uint8Array) }).optional();
const deskRow = z.object({ desk: z.string().nullable() });
const timeRow = z.object({ time: z.number().nullable() });

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

  /** Event time of the newest row, microseconds; undefined if there is none. */
  newestUs(): number | undefined {
    const newest = this.#database.prepare("SELECT max(to_us) AS time FROM trade_blocks WHERE desk = ?");
    const times = this.desks().flatMap((desk) => timeRow.parse(newest.get(desk)).time ?? []);
    return times.length === 0 ? undefined : Math.max(...times);
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
