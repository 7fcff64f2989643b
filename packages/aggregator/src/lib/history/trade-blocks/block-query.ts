import type { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { historyTable, SlipstreamError } from "@slipstream/conventions";
import { type HistoryRow, OWN_DESK, timestampUs } from "@slipstream/engine";
import { z } from "zod";
import type { HistoryQuery } from "../query.ts";
import { DamagedBlock } from "./block-reader.ts";
import { hashOf, mayHave } from "./filter.ts";
import { isFiltered } from "./layout.ts";
import type { NewestRows } from "./newest-rows.ts";
import { BLOCK_SPAN_US } from "./packer.ts";
import { type StoredBlock, StoredBlocks, storedBlock } from "./stored-blocks.ts";

const { columns } = historyTable("trades");
const places: ReadonlyMap<string, number> = new Map(columns.map(({ name }, at) => [name, at]));
const filtered: ReadonlySet<string> = new Set(columns.filter(isFiltered).map(({ name }) => name));

const candidate = z.object({
  change: z.number(),
  to_us: z.number(),
  filter: z.instanceof(Uint8Array),
  filter_checksum: z.number(),
});

/**
 * Adds the rows of a query that are in blocks. The columns that it selects by are known to exist.
 *
 * @throws SlipstreamError `history_unreadable` if a block that may have such rows is damaged
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
  const block = database.prepare("SELECT * FROM trade_blocks WHERE change = ?");
  // The newest first. No block is longer than that.
  const candidates = database
    .prepare(
      `SELECT change, to_us, ${hashes.length > 0 ? "filter" : "x'' AS filter"}, filter_checksum FROM trade_blocks ` +
        "WHERE desk = ? AND to_us >= ? AND to_us < ? AND from_us < ? ORDER BY to_us DESC",
    )
    .iterate(desk, fromUs, toUs + BLOCK_SPAN_US, toUs);
  for (const row of candidates) {
    const { change, to_us, filter, filter_checksum } = candidate.parse(row);
    if (to_us < (into.floorUs() ?? Number.NEGATIVE_INFINITY)) return;
    if (hashes.length > 0 && !mayHaveAll(filter, filter_checksum, hashes)) continue;
    const found = readOrExplain(stored, storedBlock.parse(block.get(change)));
    for (const [i, one] of found.entries()) {
      if (isWanted(one)) into.add({ change: change - found.length + 1 + i, row: one });
    }
  }
}

/** A damaged filter says nothing. */
function mayHaveAll(filter: Uint8Array, checksum: number, hashes: readonly number[]): boolean {
  return crc32(filter) !== checksum || hashes.every((hash) => mayHave(filter, hash));
}

function readOrExplain(stored: StoredBlocks, block: StoredBlock): readonly HistoryRow[] {
  try {
    return stored.read(block);
  } catch (error) {
    if (!(error instanceof DamagedBlock)) throw error;
    const [from, to] = [block.from_us, block.to_us].map((us) => new Date(us / 1_000).toISOString());
    throw new SlipstreamError(
      "history_unreadable",
      `A block of ${block.rows} trades between ${from} and ${to} cannot be read: ${error.message}. Trades of other times can: ask for ` +
        "the time before it or after it.",
      { field: "data", cause: error },
    );
  }
}
