import type { HistoryRow } from "@slipstream/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blocksOf } from "../history/testing/blocks.ts";
import { latencyRow, tradeRow } from "../history/testing/rows.ts";
import { positionOf } from "../log/position.ts";
import { type BufferedRows, RowBuffer, type RowsOrigin } from "./row-buffer.ts";

const nothing = { rows: [], blocks: [] };

function origin(position: number, rest: Partial<RowsOrigin> = {}): RowsOrigin {
  return {
    position: positionOf(position),
    isWhole: true,
    isPublished: false,
    receivedMs: 1_000 * position,
    ...rest,
  };
}

describe("rows on their way to the store", () => {
  it("wait until instants are published, and go with them", () => {
    const buffer = new RowBuffer();
    expect(buffer.add([tradeRow(0), latencyRow(0, "a")], origin(1))).toEqual(nothing);
    expect(buffer.add([tradeRow(1)], origin(2))).toEqual(nothing);
    expect(buffer.add([tradeRow(2)], origin(3, { isPublished: true }))).toEqual({
      rows: [latencyRow(0, "a")],
      blocks: blocksOf([tradeRow(0), tradeRow(1), tradeRow(2)], 3),
    });
    expect(buffer.add([], origin(4, { isPublished: true }))).toEqual(nothing);
  });

  it("wait for 5 s of receipt at most, and not for a clock that went back", () => {
    const buffer = new RowBuffer();
    buffer.add([tradeRow(0)], origin(1));
    expect(buffer.add([], origin(2, { receivedMs: 5_999 }))).toEqual(nothing);
    expect(buffer.add([], origin(3, { receivedMs: 6_000 })).blocks).toEqual(blocksOf([tradeRow(0)], 3));
    buffer.add([latencyRow(0, "a")], origin(4, { receivedMs: 9_000 }));
    expect(buffer.add([], origin(5, { receivedMs: 8_999 })).rows).toEqual([latencyRow(0, "a")]);
  });

  it("of a record that is applied in parts share a block, as when it is read again", () => {
    const buffer = new RowBuffer();
    expect(buffer.add([tradeRow(0)], origin(1, { isWhole: false, isPublished: true }))).toEqual(nothing);
    expect(buffer.add([tradeRow(1)], origin(1)).blocks).toEqual(blocksOf([tradeRow(0), tradeRow(1)], 1));
    expect(buffer.add([tradeRow(2)], origin(2))).toEqual(nothing);
  });

  it("are all handed over when a checkpoint or a reader asks, or trades left out", () => {
    const buffer = new RowBuffer();
    buffer.add([tradeRow(0), latencyRow(0, "a")], origin(7));
    expect(buffer.takeRows()).toEqual({ rows: [latencyRow(0, "a")], blocks: [] });
    expect(buffer.takeAll()).toEqual({ rows: [], blocks: blocksOf([tradeRow(0)], 7) });
    expect(buffer.takeAll()).toEqual(nothing);
  });

  it("do not become many", () => {
    const buffer = new RowBuffer();
    const many = Array.from({ length: 1_000 }, (_, i) => latencyRow(i, "a"));
    expect(buffer.add(many, origin(1)).rows).toHaveLength(1_000);
    const large = Array.from({ length: 10 }, (_, i) => tradeRow(i, { trade_id: "x".repeat(100_000) }));
    const { blocks } = buffer.add(large, origin(2, { isWhole: false }));
    expect(blocks.map(({ rows }) => rows)).toEqual([2, 2, 2, 2, 2]);
  });

  it("make the same blocks again from the point where all were handed over", () => {
    const record = fc.record({
      rows: fc.array(
        fc.integer({ min: 0, max: 20_000 }).map((second) => tradeRow(second)),
        { maxLength: 5 },
      ),
      isPublished: fc.boolean(),
      waitMs: fc.integer({ min: -100, max: 3_000 }),
    });
    type Given = readonly {
      rows: readonly HistoryRow[];
      isPublished: boolean;
      receivedMs: number;
      position: number;
    }[];
    const blocksFrom = (buffer: RowBuffer, records: Given, inParts: boolean): BufferedRows["blocks"] => [
      ...records.flatMap(({ rows, position, isPublished, receivedMs }) => {
        if (!inParts) return buffer.add(rows, origin(position, { isPublished, receivedMs })).blocks;
        const parts = rows.map((row) => [row]);
        const given = parts.flatMap(
          (part) => buffer.add(part, origin(position, { isWhole: false, receivedMs })).blocks,
        );
        return [...given, ...buffer.add([], origin(position, { isPublished, receivedMs })).blocks];
      }),
      ...buffer.takeAll().blocks,
    ];
    fc.assert(
      fc.property(fc.array(record, { minLength: 2, maxLength: 20 }), fc.nat(), (made, at) => {
        let nowMs = 100_000;
        const records = made.map(({ waitMs, ...rest }, i) => {
          nowMs += waitMs;
          return { ...rest, receivedMs: nowMs, position: 1 + i };
        });
        const checkpoint = at % records.length;
        const live = new RowBuffer();
        blocksFrom(live, records.slice(0, checkpoint), true);
        const [before, after] = [live, new RowBuffer()].map((buffer, i) =>
          blocksFrom(buffer, records.slice(checkpoint), i === 0),
        );
        expect(after).toEqual(before);
      }),
    );
  });
});
