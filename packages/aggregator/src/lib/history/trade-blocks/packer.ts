import { type HistoryRow, timestampUs } from "@slipstream/engine/storage";
import type { Position } from "../../log/position.ts";
import { deskOf } from "../embedded-tables.ts";
import type { TradeBlock } from "./block.ts";
import { BlockWriter } from "./block-writer.ts";

/** All blocks are closed when they have so many bytes together. */
const MOST_BYTES = 200_000;
/** The times within a block are that close together, microseconds: so a query knows which blocks to look at. */
export const BLOCK_SPAN_US = 3_600_000_000;

interface OpenBlock {
  readonly desk: string;
  /** Hour of its rows, since 1970. */
  readonly hour: number;
  readonly writer: BlockWriter;
}

/** Packs rows of trades into blocks. Which rows share one depends only on the rows and on when `close` is called. */
export class TradePacker {
  /** Blocks that have rows. */
  #open: OpenBlock[] = [];
  #closed: TradeBlock[] = [];
  #bytes = 0;
  /** The one of the row before: most rows belong to it too. */
  #last: OpenBlock | undefined;
  /** Its buffer serves again. */
  #spare: BlockWriter | undefined;

  /** Whether there are rows that were not taken. */
  get isEmpty(): boolean {
    return this.#open.length === 0 && this.#closed.length === 0;
  }

  /** Whether there are blocks to be taken without closing one. */
  get hasClosed(): boolean {
    return this.#closed.length > 0;
  }

  /** @param position of the record that the row came of */
  add(row: HistoryRow, position: Position): void {
    const { writer } = this.#blockOf(row);
    const before = writer.bytes;
    writer.add(row);
    this.#bytes += writer.bytes - before;
    if (this.#bytes >= MOST_BYTES) this.close(position);
  }

  /** Closes the open blocks. @param position of the newest record that rows came of */
  close(position: Position): void {
    for (const { desk, writer } of this.#open) {
      const { rows, fromUs, toUs } = writer;
      this.#closed.push({ desk, rows, fromUs, toUs, position, ...writer.take() });
    }
    this.#spare = this.#open[0]?.writer ?? this.#spare;
    this.#open = [];
    this.#last = undefined;
    this.#bytes = 0;
  }

  /** The blocks that were closed since this was last called. */
  take(): readonly TradeBlock[] {
    const closed = this.#closed;
    if (closed.length > 0) this.#closed = [];
    return closed;
  }

  #blockOf(row: HistoryRow): OpenBlock {
    const desk = deskOf(row);
    const hour = Math.floor(timestampUs(row) / BLOCK_SPAN_US);
    const last = this.#last;
    if (last !== undefined && last.hour === hour && last.desk === desk) return last;
    const known = this.#open.find((one) => one.hour === hour && one.desk === desk);
    const block = known ?? { desk, hour, writer: this.#spare ?? new BlockWriter() };
    if (known === undefined) {
      this.#spare = undefined;
      this.#open.push(block);
    }
    this.#last = block;
    return block;
  }
}
