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

type FilterRow = readonly [change: number, filter: Uint8Array, checksum: number];
type GroupRow = readonly [first: number, last: number, checksum: number, filters: Uint8Array];

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
    const [after] = this.#newest.get() as unknown as readonly [number | null];
    const entries: Buffer[] = [];
    let bytes = 0;
    let [first, last] = [0, 0];
    for (const row of this.#next.iterate(after ?? 0, GROUP_BLOCKS)) {
      const [change, filter] = row as unknown as FilterRow;
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
  let before = Number.MAX_SAFE_INTEGER;
  const alone = arrays(
    database,
    "SELECT change, filter, filter_checksum FROM trade_blocks WHERE change > ? AND change < ? ORDER BY change DESC",
  );
  const readAlone = (after: number): void => {
    for (const row of alone.iterate(after, before)) {
      const [change, filter, checksum] = row as unknown as FilterRow;
      // A damaged filter says nothing.
      if (crc32(filter) !== checksum || hashes.every((hash) => mayHave(filter, hash))) found.push(change);
    }
  };
  const groups = arrays(
    database,
    "SELECT first, last, checksum, filters FROM trade_filters ORDER BY last DESC",
  );
  for (const row of groups.iterate()) {
    const [first, last, checksum, filters] = row as unknown as GroupRow;
    if (crc32(filters) !== checksum) continue;
    readAlone(last);
    found.push(...inGroup(filters, hashes));
    before = first;
  }
  readAlone(0);
  return found;
}

function inGroup(filters: Uint8Array, hashes: readonly number[]): number[] {
  const view = new DataView(filters.buffer, filters.byteOffset, filters.byteLength);
  const found: number[] = [];
  for (let at = 0; at < filters.length; ) {
    const from = at + HEAD_BYTES;
    const to = from + view.getUint32(at + 8, true);
    if (hashes.every((hash) => mayHave(filters, hash, from, to))) found.push(view.getFloat64(at, true));
    at = to;
  }
  return found.reverse();
}

function arrays(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}
