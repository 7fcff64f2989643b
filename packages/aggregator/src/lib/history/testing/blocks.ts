import type { HistoryRow } from "@slipstream/engine";
import { positionOf } from "../../log/position.ts";
import type { TradeBlock } from "../trade-blocks/block.ts";
import { TradePacker } from "../trade-blocks/packer.ts";

/** Rows of trades as the blocks that are closed at a position of the log. */
export function blocksOf(rows: readonly HistoryRow[], position = 1): readonly TradeBlock[] {
  const packer = new TradePacker();
  for (const row of rows) packer.add(row, positionOf(position));
  packer.close(positionOf(position));
  return packer.take();
}
