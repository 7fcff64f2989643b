import { type Instruction, type InstructionData, instructionData, longestEvent } from "@slipstream/solana";

/** Tag of the instruction with which the program calls itself to log events. */
const logTag = 15;
const fillEvent = 2;
/** Event tag, instruction, sequence number, timestamp, slot, market, signer, number of events. */
const headerEnd = 2 + 1 + 8 + 8 + 8 + 32 + 32 + 2;

/**
 * Bytes of an event by its tag, the tag included: place, reduce, evict, fill summary, fee, time in force, expired order.
 * Source: Ellipsis-Labs/phoenix-v1, src/program/events.rs, src/shank_structs.rs.
 */
const sizes: ReadonlyMap<number, number> = new Map([
  [3, 43],
  [4, 35],
  [5, 59],
  [6, 43],
  [7, 11],
  [8, 27],
  [9, 59],
]);

/** Whether an order filled others, by the program's log among what it called. If the log cannot be read, it may have. */
export function phoenixFills(called: readonly Instruction[]): boolean {
  const logs = called.flatMap((instruction) => {
    const data = instructionData(instruction, longestEvent);
    if (data === undefined) return [undefined];
    return data.byteLength > 0 && data.getUint8(0) === logTag && instruction.accounts.length === 1
      ? [data]
      : [];
  });
  if (logs.length === 0) return true;
  return logs.some((log) => log === undefined || hasFill(log));
}

function hasFill(log: InstructionData): boolean {
  for (let at = headerEnd; at < log.byteLength; ) {
    const event = log.getUint8(at);
    const size = sizes.get(event);
    if (event === fillEvent || size === undefined) return true;
    at += size;
  }
  return false;
}
