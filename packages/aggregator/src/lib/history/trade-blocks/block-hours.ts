import type { DatabaseSync, StatementSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { hasTable } from "../../has-table.ts";
import { BLOCK_SPAN_US } from "./packer.ts";
import { HEADER, headerOf, prepareHeaders, type StoredBlock } from "./stored-blocks.ts";

/*
 * A block is found by its header: the desk and the times that its row says. A bit of it that changes on the disk takes the block to where
 * nobody looks for it. So each hour of a desk has a row apart that says what its blocks are together, and a reader that finds other ones
 * knows that some are missing, and how many rows they have.
 *
 * An older version that writes or deletes blocks knows nothing of it. It shows by the newest change number, and then all is made again.
 */
const schema = `
  CREATE TABLE IF NOT EXISTS trade_hours (
    desk TEXT NOT NULL,
    hour INTEGER NOT NULL,
    blocks INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    sum INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (desk, hour)
  ) STRICT, WITHOUT ROWID;
`;

/** What the blocks of an hour are together. */
export interface HourOfBlocks {
  readonly blocks: number;
  readonly rows: number;
  /** Of the checksums of their headers, modulo 2^32. */
  readonly sum: number;
}

const NONE: HourOfBlocks = { blocks: 0, rows: 0, sum: 0 };

/** The hour that a block belongs to, since 1970. */
export function hourOf({ to_us }: Pick<StoredBlock, "to_us">): number {
  return Math.floor(to_us / BLOCK_SPAN_US);
}

export function hourOfBlocks(blocks: readonly StoredBlock[]): HourOfBlocks {
  return blocks.reduce((hour, block) => withBlock(hour, block, 1), NONE);
}

export function isSameHour(a: HourOfBlocks, b: HourOfBlocks): boolean {
  return a.blocks === b.blocks && a.rows === b.rows && a.sum === b.sum;
}

/** Keeps the rows of hours beside the blocks, in the caller's transactions. */
export class BlockHours {
  readonly #database: DatabaseSync;
  readonly #hours: KnownHours;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #blocks: StatementSync;

  /** Makes the table. If it is not of the blocks that are there, it is made of them, in a transaction. */
  constructor(database: DatabaseSync) {
    database.exec(schema);
    this.#database = database;
    this.#hours = new KnownHours(database);
    this.#put = database.prepare("INSERT OR REPLACE INTO trade_hours VALUES (?, ?, ?, ?, ?, ?)");
    this.#delete = database.prepare("DELETE FROM trade_hours WHERE desk = ? AND hour = ?");
    this.#blocks = prepareHeaders(
      database,
      `SELECT ${HEADER} FROM trade_blocks WHERE desk = ? AND to_us >= ? AND to_us < ?`,
    );
    if (!areHoursKnown(database)) this.#make();
  }

  add(block: StoredBlock): void {
    const { desk } = block;
    const hour = hourOf(block);
    this.#write(desk, hour, withBlock(this.#hours.get(desk, hour) ?? NONE, block, 1));
  }

  /** To be called while the blocks are there yet. An hour that is not as it was stays so, until it has no blocks. */
  remove(blocks: readonly StoredBlock[]): void {
    const byHour = new Map<string, StoredBlock[]>();
    for (const block of blocks) {
      const key = `${hourOf(block)} ${block.desk}`;
      byHour.set(key, [...(byHour.get(key) ?? []), block]);
    }
    for (const removed of byHour.values()) {
      const [{ desk, to_us }] = removed as [StoredBlock];
      const hour = hourOf({ to_us });
      const found = this.#blocksOf(desk, hour);
      const known = this.#hours.get(desk, hour);
      if (found.length <= removed.length) this.#delete.run(desk, hour);
      else if (known !== undefined && isSameHour(known, hourOfBlocks(found)))
        this.#write(
          desk,
          hour,
          removed.reduce((of, block) => withBlock(of, block, -1), known),
        );
    }
  }

  #blocksOf(desk: string, hour: number): StoredBlock[] {
    const rows = this.#blocks.all(desk, hour * BLOCK_SPAN_US, (hour + 1) * BLOCK_SPAN_US);
    return rows.flatMap((row) => headerOf(row) ?? []);
  }

  #write(desk: string, hour: number, of: HourOfBlocks): void {
    this.#put.run(desk, hour, of.blocks, of.rows, of.sum, checksumOf(desk, hour, of));
  }

  #make(): void {
    const hours = new Map<string, { desk: string; hour: number; of: HourOfBlocks }>();
    for (const row of prepareHeaders(this.#database, `SELECT ${HEADER} FROM trade_blocks`).iterate()) {
      const block = headerOf(row);
      if (block === undefined) continue;
      const [desk, hour] = [block.desk, hourOf(block)];
      const key = `${hour} ${desk}`;
      hours.set(key, { desk, hour, of: withBlock(hours.get(key)?.of ?? NONE, block, 1) });
    }
    this.#database.exec("BEGIN");
    try {
      this.#database.exec("DELETE FROM trade_hours");
      for (const { desk, hour, of } of hours.values()) this.#write(desk, hour, of);
      this.#database.exec(
        "INSERT OR REPLACE INTO history_state SELECT 'hours', coalesce(max(value), 0) FROM history_state WHERE name = 'newest'",
      );
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}

/** Reads the rows of hours. */
export class KnownHours {
  readonly #one: StatementSync;
  readonly #range: StatementSync;

  constructor(database: DatabaseSync) {
    const columns = "SELECT desk, hour, blocks, rows, sum, checksum FROM trade_hours WHERE desk = ?";
    this.#one = prepareHeaders(database, `${columns} AND hour = ?`);
    this.#range = prepareHeaders(database, `${columns} AND hour >= ? AND hour <= ? ORDER BY hour DESC`);
  }

  /** undefined if nothing is known of it. */
  get(desk: string, hour: number): HourOfBlocks | undefined {
    return wholeHour(this.#one.get(desk, hour))?.of;
  }

  /** The newest first. A row that is not as it was written is left out. */
  *range(
    desk: string,
    from: number,
    to: number,
  ): Generator<{ readonly hour: number; readonly of: HourOfBlocks }> {
    for (const row of this.#range.iterate(desk, from, to)) {
      const known = wholeHour(row);
      if (known !== undefined) yield known;
    }
  }
}

/** Whether the rows of hours are of the blocks that are there: no older version has written since. */
export function areHoursKnown(database: DatabaseSync): boolean {
  if (!hasTable(database, "trade_hours")) return false;
  const numbers = prepareHeaders(
    database,
    "SELECT (SELECT value FROM history_state WHERE name = 'hours'), " +
      "(SELECT coalesce(max(value), 0) FROM history_state WHERE name = 'newest')",
  );
  const [hours, newest] = numbers.get() as unknown as readonly (bigint | null)[];
  return hours === newest;
}

function wholeHour(row: unknown): { readonly hour: number; readonly of: HourOfBlocks } | undefined {
  if (row === undefined) return undefined;
  const [desk, ...values] = row as readonly [string, ...bigint[]];
  const [hour = 0, blocks = 0, rows = 0, sum = 0, checksum] = values.map(Number);
  const of = { blocks, rows, sum };
  return checksum === checksumOf(desk, hour, of) ? { hour, of } : undefined;
}

function withBlock(hour: HourOfBlocks, block: StoredBlock, sign: 1 | -1): HourOfBlocks {
  return {
    blocks: hour.blocks + sign,
    rows: hour.rows + sign * block.rows,
    sum: (hour.sum + sign * headerChecksum(block)) >>> 0,
  };
}

function headerChecksum({
  change,
  rows,
  desk,
  from_us,
  to_us,
  position,
  layout,
  checksum,
}: StoredBlock): number {
  return crc32(JSON.stringify([change, rows, desk, from_us, to_us, position, layout, checksum]));
}

function checksumOf(desk: string, hour: number, { blocks, rows, sum }: HourOfBlocks): number {
  return crc32(JSON.stringify([desk, hour, blocks, rows, sum]));
}
