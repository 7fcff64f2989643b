import type { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { historyTable } from "@slipstream/conventions";
import { type HistoryRow, OWN_DESK, timestampUs } from "@slipstream/engine/storage";
import type { MissingRows } from "../missing-rows.ts";
import type { HistoryQuery } from "../query.ts";
import {
  areHoursKnown,
  type HourOfBlocks,
  hourOf,
  hourOfBlocks,
  isSameHour,
  KnownHours,
} from "./block-hours.ts";
import { DamagedBlock } from "./block-reader.ts";
import { hashOf, mayHave } from "./filter.ts";
import { blocksThatMayHave } from "./filter-groups.ts";
import { idColumns, isFiltered } from "./layout.ts";
import type { NewestRows } from "./newest-rows.ts";
import { BLOCK_SPAN_US } from "./packer.ts";
import { HEADER, headerOf, prepareHeaders, type StoredBlock, StoredBlocks } from "./stored-blocks.ts";

const { columns } = historyTable("trades");
const places: ReadonlyMap<string, number> = new Map(columns.map(({ name }, at) => [name, at]));
const filtered: ReadonlySet<string> = new Set(columns.filter(isFiltered).map(({ name }) => name));

type RowsInto = Pick<NewestRows, "add" | "floorUs">;

/**
 * Adds the rows of a query that are in blocks. The columns that it selects by are known to exist.
 *
 * @returns what of them cannot be read
 */
export function addRowsOfBlocks(
  database: DatabaseSync,
  query: HistoryQuery,
  into: RowsInto,
): readonly MissingRows[] {
  const isLookup = Object.keys(query.equal ?? {}).some((column) => idColumns.includes(column));
  const search = new BlockSearch(database, query, into);
  return isLookup ? search.lookUp() : search.readHours();
}

class BlockSearch {
  readonly #database: DatabaseSync;
  readonly #into: RowsInto;
  readonly #desk: string;
  /** `to` is not in it. */
  readonly #fromUs: number;
  readonly #toUs: number;
  readonly #wanted: readonly (readonly [place: number, value: string])[];
  readonly #hashes: readonly number[];
  readonly #stored: StoredBlocks;
  readonly #filter;
  readonly #missing: MissingRows[] = [];

  constructor(database: DatabaseSync, query: HistoryQuery, into: RowsInto) {
    const { desk = OWN_DESK, fromMs, toMs, equal = {} } = query;
    this.#database = database;
    this.#into = into;
    this.#desk = desk;
    this.#fromUs = fromMs === undefined ? Number.MIN_SAFE_INTEGER : Math.ceil(fromMs * 1_000);
    this.#toUs = toMs === undefined ? Number.MAX_SAFE_INTEGER : Math.ceil(toMs * 1_000);
    const conditions = Object.entries(equal);
    this.#wanted = conditions.map(([column, value]) => [places.get(column) ?? -1, value]);
    this.#hashes = conditions.flatMap(([column, value]) => (filtered.has(column) ? [hashOf(value)] : []));
    this.#stored = new StoredBlocks(database);
    this.#filter = prepareHeaders(
      database,
      "SELECT filter, filter_checksum FROM trade_blocks WHERE change = ?",
    );
  }

  /** By an id: only the blocks that may have it. */
  lookUp(): readonly MissingRows[] {
    const block = prepareHeaders(this.#database, `SELECT ${HEADER} FROM trade_blocks WHERE change = ?`);
    for (const change of blocksThatMayHave(this.#database, this.#hashes)) {
      const row = block.get(change);
      // It has been deleted, and its filter not yet.
      if (row === undefined) continue;
      const header = headerOf(row);
      const rows = header && this.#read(header);
      if (rows === undefined) this.#missing.push({ fromMs: null, toMs: null, rows: null });
      else if (header?.desk === this.#desk) this.#add(header, rows);
    }
    return this.#missing;
  }

  /** Hour by hour, the newest first, as long as it may have some of the newest rows. */
  readHours(): readonly MissingRows[] {
    for (const { hour, blocks, known } of this.#hours()) {
      const floorUs = this.#into.floorUs() ?? Number.NEGATIVE_INFINITY;
      if ((hour + 1) * BLOCK_SPAN_US <= floorUs) break;
      if (known === "unasked" || (known !== undefined && isSameHour(known, hourOfBlocks(blocks))))
        this.#readAsSaid(blocks);
      else this.#readAll(hour, blocks, known);
    }
    return this.#missing;
  }

  /** The headers of these blocks are as they were written. */
  #readAsSaid(blocks: readonly StoredBlock[]): void {
    for (const block of blocks) {
      const { from_us: fromUs, to_us: toUs } = block;
      if (toUs < (this.#into.floorUs() ?? Number.NEGATIVE_INFINITY)) return;
      if (toUs < this.#fromUs || fromUs >= this.#toUs || !this.#mayHaveRows(block)) continue;
      const rows = this.#read(block);
      if (rows !== undefined) this.#add(block, rows);
      else this.#missing.push({ fromMs: fromUs / 1_000, toMs: toUs / 1_000, rows: block.rows });
    }
  }

  /** Of these blocks, or of others of their hour, a header is not as it was written. */
  #readAll(hour: number, blocks: readonly StoredBlock[], known: HourOfBlocks | undefined): void {
    let [read, damaged] = [0, 0];
    for (const block of blocks) {
      const rows = this.#read(block);
      if (rows === undefined) damaged += 1;
      else {
        this.#add(block, rows);
        read += rows.length;
      }
    }
    const rows = known === undefined ? null : known.rows - read;
    if (rows === null ? damaged === 0 : rows <= 0) return;
    const from = Math.max(hour * BLOCK_SPAN_US, this.#fromUs);
    const to = Math.min((hour + 1) * BLOCK_SPAN_US, this.#toUs);
    this.#missing.push({ fromMs: from / 1_000, toMs: to / 1_000, rows });
  }

  /** The hours of the query that have blocks, or should have. "unasked": it is not known what they should have. */
  *#hours(): Generator<{
    readonly hour: number;
    readonly blocks: readonly StoredBlock[];
    readonly known: HourOfBlocks | undefined | "unasked";
  }> {
    const [first, last] = [this.#fromUs, this.#toUs - 1].map((us) => Math.floor(us / BLOCK_SPAN_US));
    const [from = 0, to = 0] = [first, last];
    const areKnown = areHoursKnown(this.#database);
    const expected = areKnown ? new KnownHours(this.#database).range(this.#desk, from, to) : undefined;
    let next = expected?.next();
    for (const blocks of this.#blocksByHour(from, to)) {
      const hour = hourOf(blocks[0] as StoredBlock);
      for (; next?.done === false && next.value.hour > hour; next = expected?.next())
        yield { hour: next.value.hour, blocks: [], known: next.value.of };
      if (next?.done === false && next.value.hour === hour) {
        yield { hour, blocks, known: next.value.of };
        next = expected?.next();
      } else yield { hour, blocks, known: areKnown ? undefined : "unasked" };
    }
    for (; next?.done === false; next = expected?.next())
      yield { hour: next.value.hour, blocks: [], known: next.value.of };
  }

  *#blocksByHour(from: number, to: number): Generator<readonly StoredBlock[]> {
    const headers = prepareHeaders(
      this.#database,
      `SELECT ${HEADER} FROM trade_blocks WHERE desk = ? AND to_us >= ? AND to_us < ? ORDER BY to_us DESC`,
    );
    const bound = (hour: number): bigint => BigInt(hour) * BigInt(BLOCK_SPAN_US);
    let blocks: StoredBlock[] = [];
    for (const row of headers.iterate(this.#desk, bound(from), bound(to + 1))) {
      const block = headerOf(row);
      // The others of its hour tell that it is missing.
      if (block === undefined) continue;
      if (blocks[0] !== undefined && hourOf(blocks[0]) !== hourOf(block)) {
        yield blocks;
        blocks = [];
      }
      blocks.push(block);
    }
    if (blocks.length > 0) yield blocks;
  }

  #mayHaveRows({ change }: StoredBlock): boolean {
    if (this.#hashes.length === 0) return true;
    const [filter, checksum] = this.#filter.get(change) as unknown as readonly [Uint8Array, bigint];
    // A damaged filter says nothing.
    return crc32(filter) !== Number(checksum) || this.#hashes.every((hash) => mayHave(filter, hash));
  }

  /** undefined if it is damaged. */
  #read(block: StoredBlock): readonly HistoryRow[] | undefined {
    try {
      return this.#stored.read(block);
    } catch (error) {
      if (error instanceof DamagedBlock) return undefined;
      throw error;
    }
  }

  #add({ change }: StoredBlock, rows: readonly HistoryRow[]): void {
    for (const [i, row] of rows.entries())
      if (this.#isWanted(row)) this.#into.add({ change: change - rows.length + 1 + i, row });
  }

  #isWanted(row: HistoryRow): boolean {
    const timeUs = timestampUs(row);
    if (timeUs < this.#fromUs || timeUs >= this.#toUs) return false;
    return this.#wanted.every(([place, value]) => row.values[place] === value);
  }
}
