import { type Instruction, instructionData, longestEvent } from "@slipstream/solana";
import type { CurveTrade } from "./swap-decoder.ts";

const program = "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P";
/**
 * Anchor's event instruction, with which a program calls itself; then sha256("event:TradeEvent"). 8 bytes
 * each.
 */
const eventInstruction = 0xe445a52e51cb9a1dn;
const tradeEvent = 0xbddb7fd34ee661een;
const header = 16;

/** Offsets after the two discriminators. Numbers are u64, little-endian. */
const at = {
  solAmount: 32,
  tokenAmount: 40,
  isBuy: 48,
  virtualSol: 89,
  virtualToken: 97,
  /** The first versions of the event ended here. */
  firstEnd: 121,
  fee: 161,
  creatorFee: 209,
  creatorFeeEnd: 217,
} as const;

/**
 * The trade in Pump.fun's TradeEvent; undefined if the instruction is not such an event. The SOL amount is
 * what entered or left the curve; protocol and creator fees are charged on top. The reader must check whether
 * the virtual reserves are those after the trade.
 * Source: pump-fun/pump-public-docs, idl/pump.json, `TradeEvent`.
 */
export function pumpTrade(instruction: Instruction): CurveTrade | undefined {
  if (instruction.program !== program) return undefined;
  const data = instructionData(instruction, longestEvent);
  if (data === undefined || data.byteLength < header + at.firstEnd) return undefined;
  if (data.getBigUint64(0) !== eventInstruction || data.getBigUint64(8) !== tradeEvent) return undefined;
  const number = (position: number): bigint => data.getBigUint64(header + position, true);
  const hasFees = data.byteLength >= header + at.creatorFeeEnd;
  return {
    isBuy: data.getUint8(header + at.isBuy) !== 0,
    lamports: number(at.solAmount),
    tokens: number(at.tokenAmount),
    fees: hasFees ? number(at.fee) + number(at.creatorFee) : undefined,
    after: { lamports: number(at.virtualSol), tokens: number(at.virtualToken) },
  };
}
