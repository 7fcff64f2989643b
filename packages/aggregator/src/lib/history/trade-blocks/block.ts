import type { Position } from "../../log/position.ts";

/*
 * Trades are the rows that a busy desk has most of. One SQLite row for each cost more than everything else that the aggregator does
 * with a trade, so they are packed: some seconds of trades are one blob, a block.
 *
 *   packer         rows of effects -> blocks, on the pipeline's thread. Closes a block at points that a replay comes to again:
 *                  when instants are published (5 s of event time), 5 s of receipt after its first row, at 200 KB, at a checkpoint
 *   block-writer   rows -> the bytes of a block, and a filter of the texts by which trades are looked up
 *   block-reader   the bytes -> rows
 *   block-tables   blocks in SQLite, each row with its change number; nothing is updated, and old blocks are deleted as a whole
 *   block-query    the rows of a query: newest block first, past those whose filter says that nothing matches
 *
 * A block holds rows of one desk within one hour of event time. It is known by the log's position at which it was closed and by its
 * content: what a restart applies again makes the same blocks, which are there already and keep their change numbers. If it
 * is closed elsewhere (a restart from an older checkpoint, an end without one), its rows are there twice. So a reader takes, of the
 * rows with one key, the one that was written last.
 *
 * Bytes of a block: its rows one after the other. A row has a bit for each column that is null, then the other values in the order
 * of the columns. A number has 8 bytes (IEEE 754, little-endian). A text has its length in bytes as a varint, and its UTF-8. A symbol
 * has the number of its word as a varint; a number that is new is followed by the word, a text. The columns are not in the block but
 * in the table `trade_layouts`, so that blocks stay readable when the table `trades` gets another column.
 */

/** Trades of one desk that ended within one hour, packed. */
export interface TradeBlock {
  readonly desk: string;
  readonly rows: number;
  /** Event times of the first and the last row, microseconds. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Where in the log the block was closed. */
  readonly position: Position;
  /** Which texts may be in it: see `mayHave`. */
  readonly filter: Uint8Array<ArrayBuffer>;
  readonly data: Uint8Array<ArrayBuffer>;
}
