import type { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { historyTable, quantity, SlipstreamError } from "@slipstream/conventions";
import { type HistoryRow, OWN_DESK, timestampUs } from "@slipstream/engine/storage";
import type { HistoryQuery } from "../query.ts";
import { DamagedBlock } from "./block-reader.ts";
import { hashOf, mayHave } from "./filter.ts";
import { blocksThatMayHave } from "./filter-groups.ts";
import { idColumns, isFiltered } from "./layout.ts";
import type { NewestRows } from "./newest-rows.ts";
import { BLOCK_SPAN_US } from "./packer.ts";
import { type StoredBlock, StoredBlocks, storedBlock } from "./stored-blocks.ts";

const { columns } = historyTable("trades");
const places: ReadonlyMap<string, number> = new Map(columns.map(({ name }, at) => [name, at]));
const filtered: ReadonlySet<string> = new Set(columns.filter(isFiltered).map(({ name }) => name));

/**
 * Adds the rows of a query that are in blocks. The columns that it selects by are known to exist.
 *
 * @throws SlipstreamError `history_damaged` if a block that may have such rows is damaged
 */
export function addRowsOfBlocks(database: DatabaseSync, query: HistoryQuery, into: NewestRows): void {
  const { desk = OWN_DESK, fromMs, toMs, equal = {} } = query;
  const fromUs = fromMs === undefined ? Number.MIN_SAFE_INTEGER : Math.ceil(fromMs * 1_000);
  const toUs = toMs === undefined ? Number.MAX_SAFE_INTEGER : Math.ceil(toMs * 1_000);
  const wanted = Object.entries(equal).map(([column, value]) => [places.get(column) ?? -1, value] as const);
  const hashes = Object.entries(equal).flatMap(([column, value]) =>
    filtered.has(column) ? [hashOf(value)] : [],
  );
  const isWanted = (row: HistoryRow): boolean => {
    const timeUs = timestampUs(row);
    if (timeUs < fromUs || timeUs >= toUs) return false;
    return wanted.every(([place, value]) => row.values[place] === value);
  };
  const stored = new StoredBlocks(database);
  const block = database.prepare(
    "SELECT * FROM trade_blocks WHERE change = ? AND desk = ? AND to_us >= ? AND to_us < ? AND from_us < ?",
  );
  // No block is longer than that.
  const bounds = [desk, fromUs, toUs + BLOCK_SPAN_US, toUs] as const;
  const isLookup = Object.keys(equal).some((column) => idColumns.includes(column));
  const changes = isLookup
    ? blocksThatMayHave(database, hashes)
    : newestBlocks(database, bounds, hashes, into);
  for (const change of changes) {
    const row = block.get(change, ...bounds);
    if (row === undefined) continue;
    const found = readOrExplain(stored, storedBlock.parse(row));
    for (const [i, one] of found.entries()) {
      if (isWanted(one)) into.add({ change: change - found.length + 1 + i, row: one });
    }
  }
}

/** Change numbers of blocks, the newest event time first, as long as they may have some of the newest rows. */
function* newestBlocks(
  database: DatabaseSync,
  bounds: readonly [desk: string, fromUs: number, toUs: number, endUs: number],
  hashes: readonly number[],
  into: NewestRows,
): Generator<number, void> {
  const filter = hashes.length > 0 ? "filter" : "x''";
  const candidates = database.prepare(
    `SELECT change, to_us, ${filter}, filter_checksum FROM trade_blocks ` +
      "WHERE desk = ? AND to_us >= ? AND to_us < ? AND from_us < ? ORDER BY to_us DESC",
  );
  candidates.setReturnArrays(true);
  for (const row of candidates.iterate(...bounds)) {
    const [change, toUs, filter, checksum] = row as unknown as readonly [number, number, Uint8Array, number];
    if (toUs < (into.floorUs() ?? Number.NEGATIVE_INFINITY)) return;
    // A damaged filter says nothing.
    const isOut =
      hashes.length > 0 && crc32(filter) === checksum && !hashes.every((hash) => mayHave(filter, hash));
    if (!isOut) yield change;
  }
}

function readOrExplain(stored: StoredBlocks, block: StoredBlock): readonly HistoryRow[] {
  try {
    return stored.read(block);
  } catch (error) {
    if (!(error instanceof DamagedBlock)) throw error;
    const [from, to] = [block.from_us, block.to_us].map((us) => new Date(us / 1_000).toISOString());
    throw new SlipstreamError(
      "history_damaged",
      `A block of ${quantity(block.rows, "trade")} between ${from} and ${to} cannot be read: ${error.message}. Trades of other times ` +
        "can: ask for the time before it or after it.",
      { field: "data", cause: error },
    );
  }
}
