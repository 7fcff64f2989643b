import { DatabaseSync } from "node:sqlite";
import { type HistoryRow, recordOf, rowOfDesk } from "@slipstream/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { positionOf } from "../../log/position.ts";
import { createHistoryTables } from "../embedded-schema.ts";
import { anyTrade } from "../testing/any-trade.ts";
import { blocksOf } from "../testing/blocks.ts";
import { tradeRow } from "../testing/rows.ts";
import { DamagedBlock, readBlock } from "./block-reader.ts";
import { BlockTables } from "./block-tables.ts";
import { BlockWriter } from "./block-writer.ts";
import { hashOf, mayHave } from "./filter.ts";
import { blockColumns } from "./layout.ts";
import { BLOCK_SPAN_US, TradePacker } from "./packer.ts";
import { checksumOf } from "./stored-blocks.ts";

/** The values that a block has of a row: all but the desk. */
const packed = ({ values }: HistoryRow) => values.slice(0, -1);

describe("the bytes of a block", () => {
  it("are read as the rows that were written, whatever is in them", () => {
    fc.assert(
      fc.property(fc.array(anyTrade, { maxLength: 8 }), (rows) => {
        const writer = new BlockWriter();
        for (const row of rows) writer.add(row);
        expect(readBlock(writer.take().data, blockColumns, rows.length)).toEqual(rows.map(packed));
      }),
    );
  });

  it("do not depend on what was written before", () => {
    const used = new BlockWriter();
    for (let i = 0; i < 100; i += 1) used.add(tradeRow(i, { pool: `pool ${i}` }));
    used.take();
    const fresh = new BlockWriter();
    for (const writer of [used, fresh]) writer.add(tradeRow(7, { pool: "pool 3" }));
    expect(used.take()).toEqual(fresh.take());
  });

  it("that are cut off, or of another number of rows, are no rows", () => {
    const writer = new BlockWriter();
    for (let i = 0; i < 3; i += 1) writer.add(tradeRow(i, { signer: "ä" }));
    const { data } = writer.take();
    for (let length = 0; length < data.length; length += 1)
      expect(() => readBlock(data.subarray(0, length), blockColumns, 3)).toThrow(DamagedBlock);
    for (const rows of [2, 4]) expect(() => readBlock(data, blockColumns, rows)).toThrow(DamagedBlock);
  });

  it("say of each id and word that it may be there, and of most others that it is not", () => {
    const rows = Array.from({ length: 500 }, (_, i) =>
      tradeRow(i, { signature: `sig ${i}`, pool: `pool ${i % 9}` }),
    );
    const writer = new BlockWriter();
    for (const row of rows) writer.add(row);
    const { filter } = writer.take();
    const has = (text: string): boolean => mayHave(filter, hashOf(text));
    const known = rows
      .flatMap(({ values }) => [values[1], values[2]])
      .concat("sig 7", "pool 8", "SOL/USDC", "desk");
    expect(known.every((text) => has(String(text)))).toBe(true);
    const others = Array.from({ length: 10_000 }, (_, i) => has(`sig ${1_000 + i}`));
    expect(others.filter(Boolean).length).toBeLessThan(100);
    expect(mayHave(new BlockWriter().take().filter, hashOf("x"))).toBe(false);
  });
});

describe("a packer", () => {
  it("makes the same blocks of the same rows, wherever others end", () => {
    const rows = Array.from({ length: 3_500 }, (_, i) => tradeRow(i));
    const all = blocksOf(rows);
    expect(all.length).toBeGreaterThan(1);
    const packer = new TradePacker();
    const taken = rows.flatMap((row) => {
      packer.add(row, positionOf(1));
      return packer.take();
    });
    packer.close(positionOf(1));
    expect([...taken, ...packer.take()]).toEqual(all);
    expect(packer.isEmpty).toBe(true);
  });

  it("keeps desks apart, and rows that are far apart in time", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ second: fc.integer({ min: -9_000, max: 9_000 }), desk: fc.constantFrom("", "beta") }),
        ),
        (made) => {
          const rows = made.map(({ second, desk }) => rowOfDesk(tradeRow(second), desk));
          const blocks = blocksOf(rows);
          expect(blocks.reduce((sum, block) => sum + block.rows, 0)).toBe(rows.length);
          for (const { fromUs, toUs } of blocks) expect(toUs - fromUs).toBeLessThan(BLOCK_SPAN_US);
        },
      ),
    );
  });
});

describe("a block in a database", () => {
  function write(rows: readonly HistoryRow[]): { database: DatabaseSync; tables: BlockTables } {
    const database = new DatabaseSync(":memory:");
    createHistoryTables(database);
    const tables = new BlockTables(database);
    for (const block of blocksOf(rows)) tables.write(block, () => 1);
    return { database, tables };
  }

  it("with any byte changed is reported, and is never read as other rows", () => {
    const rows = [tradeRow(0), tradeRow(1, { signer: "ä" })];
    const { database, tables } = write(rows);
    const [block] = blocksOf(rows);
    if (block === undefined) throw new Error("no block");
    const put = database.prepare("UPDATE trade_rows SET data = ?");
    for (let at = 0; at < block.data.length; at += 1) {
      const torn = block.data.slice();
      torn[at] = (torn[at] as number) ^ 4;
      put.run(torn);
      expect(tables.changes(0, 10)).toMatchObject({ rows: [], damaged: [{ last: 2 }] });
    }
    put.run(block.data);
    expect(tables.changes(0, 10).rows.map(({ row }) => row)).toEqual(rows);
  });

  it.each([
    "UPDATE trade_blocks SET rows = 1",
    "UPDATE trade_blocks SET desk = 'beta'",
    "UPDATE trade_blocks SET to_us = to_us + 1",
    "UPDATE trade_blocks SET layout = 2",
    "UPDATE trade_layouts SET columns = replace(columns, 'pnl_usd', 'sol_usd')",
    "UPDATE trade_layouts SET columns = '[]'",
    "UPDATE trade_layouts SET columns = 'of a newer version'",
    "DELETE FROM trade_rows",
  ])("whose description is changed is reported: %s", (sql) => {
    const { database } = write([tradeRow(0), tradeRow(1)]);
    database.exec(sql);
    // As a process that did not write it.
    const { rows, damaged } = new BlockTables(database).changes(0, 10);
    expect({ rows, damaged: damaged.length }).toEqual({ rows: [], damaged: 1 });
  });

  it("is written once, and keeps its numbers", () => {
    const { database, tables } = write([tradeRow(0)]);
    for (const block of blocksOf([tradeRow(0)])) tables.write(block, () => expect.unreachable());
    for (const block of blocksOf([tradeRow(1)])) tables.write(block, () => 2);
    expect(tables.changes(0, 10).rows.map(({ change }) => change)).toEqual([1, 2]);
    expect(database.prepare("SELECT count(*) AS blocks FROM trade_blocks").get()).toEqual({ blocks: 2 });
  });

  it("of another layout has the columns that it lacks as unknown", () => {
    const { database, tables } = write([]);
    const columns = '[["timestamp","time"],["former","symbol"],["trace_id","text"],["span_id","text"]]';
    const data = Buffer.from([4, ...bytesOf(1_000), 0, 3, ...Buffer.from("old"), 2, ...Buffer.from("bc")]);
    const about = { rows: 1, desk: "beta", fromUs: 1_000, toUs: 1_000, position: 1, layout: columns };
    database.prepare("INSERT INTO trade_layouts VALUES (9, ?)").run(columns);
    database.prepare("INSERT INTO trade_rows VALUES (1, ?)").run(data);
    database
      .prepare("INSERT INTO trade_blocks VALUES (1, 1, 'beta', 1000, 1000, 1, 9, ?, 0, x'')")
      .run(checksumOf(about, data));
    const nothing = Object.fromEntries(blockColumns.map(({ name }) => [name, null]));
    const found = tables.changes(0, 10).rows.map(({ row }) => recordOf(row));
    expect(found).toEqual([{ ...nothing, timestamp: 1_000, trace_id: null, span_id: "bc", desk: "beta" }]);
  });
});

function bytesOf(number: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(number);
  return bytes;
}
