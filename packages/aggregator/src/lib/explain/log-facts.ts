import { hasCode } from "@slipstream/conventions";
import type { ChainBatch } from "@slipstream/engine";
import { readKind } from "../log/read-log.ts";
import { chain } from "../log/records/chain.ts";
import { decodeRecord } from "../log/records/decode-record.ts";

/**
 * A trade's blocks are read soon after it, or when the aggregator or the node is back. Those that other
 * trades wanted came before.
 */
const BEFORE_MS = 10 * 60_000;
const AFTER_MS = 3 * 3_600_000;
/** Slots farther away than this say nothing of a trade. */
const NEAR_SLOTS = 64;

/**
 * What a log recorded of the chain around a slot, in the order in which it came; nothing if there is no log.
 *
 * @param timeMs when the trade was; null: all of the log is searched
 */
export function* chainNear(directory: string, slot: number, timeMs: number | null): Iterable<ChainBatch> {
  const [fromMs, toMs] =
    timeMs === null
      ? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]
      : [timeMs - BEFORE_MS, timeMs + AFTER_MS];
  const isNear = (at: number): boolean => Math.abs(at - slot) <= NEAR_SLOTS;
  // To decode a record takes far longer than to see that it is of other slots.
  const digits = [-NEAR_SLOTS, 0, NEAR_SLOTS].map((off) => String(Math.floor((slot + off) / 1_000)));
  const prefixes = [...new Set(digits)].map((text) => Buffer.from(text));
  try {
    for (const record of readKind(directory, chain.name, fromMs, toMs)) {
      const body = Buffer.from(record.body.buffer, record.body.byteOffset, record.body.byteLength);
      if (!prefixes.some((prefix) => body.includes(prefix))) continue;
      const { batch } = decodeRecord(record);
      if (batch.kind !== "chain") continue;
      const { slots, skipped, failed, placed, finalized } = batch;
      yield {
        kind: "chain",
        slots: slots.filter((one) => isNear(one.slot)),
        skipped: skipped.filter(isNear),
        failed: failed.filter((one) => isNear(one.slot)),
        placed,
        finalized: finalized !== null && isNear(finalized) ? finalized : null,
      };
    }
  } catch (error) {
    if (!hasCode(error, "log_missing", "log_dropped")) throw error;
  }
}
