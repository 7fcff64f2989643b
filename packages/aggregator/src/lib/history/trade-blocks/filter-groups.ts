import type { DatabaseSync, StatementSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { mayHave } from "./filter.ts";

/*
 * A quiet desk has a block for each trade, and to look at a row for each takes longer than to read its filter. So the filters of
 * many blocks are copied into one blob, a group: for each block its change number (8 bytes), the length of its filter (4 bytes) and the
 * filter. It is made now and then, and what is not in a group yet is read from the blocks themselves.
 */
const schema = `
  CREATE TABLE IF NOT EXISTS trade_filters (
    first INTEGER NOT NULL,
    last INTEGER PRIMARY KEY,
    checksum INTEGER NOT NULL,
    filters BLOB NOT NULL
  ) STRICT;
`;

const GROUP_BLOCKS = 512;
const GROUP_BYTES = 64 * 1_024;
const HEAD_BYTES = 12;

type FilterRow = readonly [change: bigint, filter: Uint8Array, checksum: bigint];

/** In place of a damaged filter: what may have any text. */
const ANY_TEXT: Uint8Array = new Uint8Array(8).fill(0xff);

/** Makes groups, in the caller's transaction. */
export class FilterGroups {
  readonly #newest: StatementSync;
  readonly #next: StatementSync;
  readonly #put: StatementSync;
  readonly #forget: StatementSync;

  constructor(database: DatabaseSync) {
    database.exec(schema);
    this.#newest = arrays(database, "SELECT max(last) FROM trade_filters");
    this.#next = arrays(
      database,
      "SELECT change, filter, filter_checksum FROM trade_blocks WHERE change > ? ORDER BY change LIMIT ?",
    );
    this.#put = database.prepare("INSERT INTO trade_filters VALUES (?, ?, ?, ?)");
    this.#forget = database.prepare(
      "DELETE FROM trade_filters WHERE last < (SELECT coalesce(min(change), 9223372036854775807) FROM trade_blocks)",
    );
  }

  /** Makes a group if there are enough blocks for one. Says whether there may be more. */
  make(): boolean {
    const [after] = this.#newest.get() as unknown as readonly [bigint | null];
    const entries: Buffer[] = [];
    let bytes = 0;
    let [first, last] = [0, 0];
    for (const row of this.#next.iterate(after ?? 0, GROUP_BLOCKS)) {
      const [number, stored, checksum] = row as unknown as FilterRow;
      const change = Number(number);
      const filter = crc32(stored) === Number(checksum) ? stored : ANY_TEXT;
      const head = Buffer.alloc(HEAD_BYTES);
      head.writeDoubleLE(change);
      head.writeUInt32LE(filter.length, 8);
      entries.push(head, Buffer.from(filter));
      bytes += HEAD_BYTES + filter.length;
      first ||= change;
      last = change;
      if (bytes >= GROUP_BYTES) break;
    }
    if (bytes < GROUP_BYTES && entries.length < 2 * GROUP_BLOCKS) return false;
    const filters = Buffer.concat(entries);
    this.#put.run(first, last, crc32(filters), filters);
    return true;
  }

  /** Drops groups of which all blocks are deleted. */
  forget(): void {
    this.#forget.run();
  }
}

/** Change numbers of the blocks that may have all of these texts, the newest first. @param hashes of the texts, one at least */
export function blocksThatMayHave(database: DatabaseSync, hashes: readonly number[]): readonly number[] {
  const found: number[] = [];
  const alone = arrays(
    database,
    "SELECT change, filter, filter_checksum FROM trade_blocks WHERE change > ? AND change < ? ORDER BY change DESC",
  );
  let before = Number.MAX_SAFE_INTEGER;
  const readAlone = (after: number): void => {
    for (const row of alone.iterate(after, before)) {
      const [change, filter, checksum] = row as unknown as FilterRow;
      // A damaged filter says nothing.
      if (Number(checksum) !== crc32(filter) || hashes.every((hash) => mayHave(filter, hash)))
        found.push(Number(change));
    }
  };
  const groups = arrays(database, "SELECT checksum, filters FROM trade_filters ORDER BY last DESC");
  for (const row of groups.iterate()) {
    const [checksum, filters] = row as unknown as readonly [bigint, Uint8Array];
    if (crc32(filters) !== Number(checksum)) continue;
    const group = inGroup(filters, hashes);
    // Out of order: the number beside it is damaged. Its blocks are read by themselves.
    if (group.last >= before) continue;
    readAlone(group.last);
    found.push(...group.found);
    before = group.first;
  }
  readAlone(0);
  return found;
}

/** Of a group the blocks that may have the texts, the newest first. Which blocks it is about, its own bytes say. */
function inGroup(
  filters: Uint8Array,
  hashes: readonly number[],
): { readonly first: number; readonly last: number; readonly found: readonly number[] } {
  const view = new DataView(filters.buffer, filters.byteOffset, filters.byteLength);
  const found: number[] = [];
  let [first, last] = [0, 0];
  for (let at = 0; at < filters.length; ) {
    const from = at + HEAD_BYTES;
    const to = from + view.getUint32(at + 8, true);
    last = view.getFloat64(at, true);
    first ||= last;
    if (hashes.every((hash) => mayHave(filters, hash, from, to))) found.push(last);
    at = to;
  }
  return { first, last, found: found.reverse() };
}

function arrays(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  // What is damaged may be larger than any number that was written.
  statement.setReadBigInts(true);
  return statement;
}
