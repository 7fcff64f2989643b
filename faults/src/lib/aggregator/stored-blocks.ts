import type { DatabaseSync } from "node:sqlite";

type Value = string | number | null;
/** A trade by the names of its columns. */
export type StoredTrade = Readonly<Record<string, Value>>;

/**
 * The trades of a desk that are in blocks, in the order in which they were written: by other code than the store's own. See
 * aggregator/history/trade-blocks/block.ts for the bytes.
 */
export function readStoredBlocks(database: DatabaseSync, desk: string): readonly StoredTrade[] {
  const isThere = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'trade_blocks'").get();
  if (isThere === undefined) return [];
  const blocks = database
    .prepare(
      "SELECT rows, columns, data FROM trade_blocks JOIN trade_rows USING (change) JOIN trade_layouts USING (layout) " +
        "WHERE desk = ? ORDER BY change",
    )
    .all(desk) as unknown as { rows: number; columns: string; data: Uint8Array }[];
  return blocks.flatMap(({ rows, columns, data }) => {
    const names = JSON.parse(columns) as [string, string][];
    return tradesOf(Buffer.from(data), names, rows);
  });
}

function tradesOf(data: Buffer, columns: readonly [string, string][], rows: number): StoredTrade[] {
  let at = 0;
  const words: string[] = [];
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = data.readUInt8(at++);
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const text = (): string => {
    const length = varint();
    at += length;
    return data.toString("utf8", at - length, at);
  };
  const value = (type: string): Value => {
    if (type === "text") return text();
    if (type === "symbol") {
      const number = varint();
      if (number === words.length) words.push(text());
      return words[number] ?? null;
    }
    at += 8;
    return data.readDoubleLE(at - 8);
  };
  return Array.from({ length: rows }, () => {
    const nulls = data.subarray(at, at + Math.ceil(columns.length / 8));
    at += nulls.length;
    const isNull = (column: number): boolean => ((nulls[column >> 3] ?? 0) & (1 << (column & 7))) !== 0;
    return Object.fromEntries(
      columns.map(([name, type], column) => [name, isNull(column) ? null : value(type)]),
    );
  });
}
