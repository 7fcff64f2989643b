import type { HistoryRow } from "@slipstream/engine/storage";
import type { TradeBlock } from "../history/trade-blocks/block.ts";
import { TradePacker } from "../history/trade-blocks/packer.ts";
import { BEGINNING, type Position } from "../log/position.ts";

/** Rows wait no longer than that, ms of receipt. */
const LONGEST_MS = 5_000;
/** Most rows beside trades that wait. */
const MOST_ROWS = 1_000;

/** The record that rows came of. */
export interface RowsOrigin {
  readonly position: Position;
  /** Whether it is all of the record, or its last part. */
  readonly isWhole: boolean;
  /** Whether it made instants due. */
  readonly isPublished: boolean;
  /** Unix ms. */
  readonly receivedMs: number;
}

export interface BufferedRows {
  readonly rows: readonly HistoryRow[];
  readonly blocks: readonly TradeBlock[];
}

const NOTHING: BufferedRows = { rows: [], blocks: [] };

/**
 * Rows of the history on their way to the state's thread. They are handed over every 5 seconds, when instants are published, and not
 * with each record; trades in blocks. When a block is closed depends on the records alone, so that a restart makes the same ones.
 */
export class RowBuffer {
  readonly #packer: TradePacker = new TradePacker();
  #rows: HistoryRow[] = [];
  #rowsSinceMs = 0;
  #tradesSinceMs = 0;
  #hasPublished = false;
  #position = BEGINNING;

  /** @returns what is to be handed over now */
  add(rows: readonly HistoryRow[], { position, isWhole, isPublished, receivedMs }: RowsOrigin): BufferedRows {
    this.#position = position;
    for (const row of rows) this.#keep(row, receivedMs);
    this.#hasPublished ||= isPublished;
    // A replay applies a record as a whole.
    const isDue = isWhole && (this.#hasPublished || isPast(this.#tradesSinceMs, receivedMs));
    if (isWhole) this.#hasPublished = false;
    if (isDue && !this.#packer.isEmpty) return this.takeAll();
    const areRowsDue = isPublished || this.#rows.length >= MOST_ROWS || isPast(this.#rowsSinceMs, receivedMs);
    if (this.#packer.hasClosed) return { rows: this.#takeRows(), blocks: this.#packer.take() };
    return areRowsDue ? this.takeRows() : NOTHING;
  }

  /** Everything, at a point that is in the log (a checkpoint), or because somebody asks. */
  takeAll(): BufferedRows {
    this.#packer.close(this.#position);
    return { rows: this.#takeRows(), blocks: this.#packer.take() };
  }

  /** All but the trades. */
  takeRows(): BufferedRows {
    return this.#rows.length === 0 ? NOTHING : { rows: this.#takeRows(), blocks: [] };
  }

  #keep(row: HistoryRow, receivedMs: number): void {
    if (row.table === "trades") {
      if (this.#packer.isEmpty) this.#tradesSinceMs = receivedMs;
      this.#packer.add(row, this.#position);
    } else {
      if (this.#rows.length === 0) this.#rowsSinceMs = receivedMs;
      this.#rows.push(row);
    }
  }

  #takeRows(): readonly HistoryRow[] {
    const rows = this.#rows;
    if (rows.length > 0) this.#rows = [];
    return rows;
  }
}

/** Also if the clock went back. */
function isPast(sinceMs: number, nowMs: number): boolean {
  return nowMs - sinceMs >= LONGEST_MS || nowMs < sinceMs;
}
