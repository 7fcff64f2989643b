import {
  LAMPORTS_PER_SIGNATURE,
  type Message,
  type MessageInstruction,
  programId,
  u32,
  u64,
} from "@slipstream/solana";
import { JITO_TIP_ACCOUNT } from "./tip-account.ts";

/** Anchor's discriminator of `route`: the first 8 bytes of SHA-256("global:route"). */
const ROUTE = Buffer.from("e517cb977ae3ad2a", "hex");

/** What a swap transaction requests. */
export interface SwapRequest {
  readonly payer: string;
  readonly inputMint: string;
  readonly outputMint: string;
  readonly pool: string;
  readonly amountIn: bigint;
  readonly quotedOut: bigint;
  readonly toleranceBps: number;
  readonly computeUnitLimit: number;
  /** Micro-lamports. */
  readonly computeUnitPrice: number;
  readonly tipLamports: number;
}

/** The instructions in Jupiter's answer: compute budget, tip, route. */
export function swapMessage(request: SwapRequest, recentBlockhash: string): Message {
  const { payer, inputMint, outputMint, pool } = request;
  const instructions: MessageInstruction[] = [
    {
      program: programId.computeBudget,
      accounts: [],
      data: Buffer.concat([Buffer.from([2]), u32(request.computeUnitLimit)]),
    },
    {
      program: programId.computeBudget,
      accounts: [],
      data: Buffer.concat([Buffer.from([3]), u64(BigInt(request.computeUnitPrice))]),
    },
  ];
  if (request.tipLamports > 0) {
    const data = Buffer.concat([u32(2), u64(BigInt(request.tipLamports))]);
    instructions.push({ program: programId.system, accounts: [payer, JITO_TIP_ACCOUNT], data });
  }
  const tolerance = Buffer.alloc(3);
  tolerance.writeUInt16LE(request.toleranceBps);
  instructions.push({
    program: programId.jupiter,
    accounts: [payer, inputMint, outputMint, pool],
    data: Buffer.concat([ROUTE, u64(request.amountIn), u64(request.quotedOut), tolerance]),
  });
  return { payer, recentBlockhash, instructions };
}

/** The inverse; undefined if the message contains no swap of this form. */
export function readSwap(message: Message): SwapRequest | undefined {
  let computeUnitLimit = 200_000;
  let computeUnitPrice = 0;
  let tipLamports = 0;
  for (const { program, accounts, data } of message.instructions) {
    const bytes = Buffer.from(data);
    if (program === programId.computeBudget && bytes[0] === 2 && bytes.length === 5) {
      computeUnitLimit = bytes.readUInt32LE(1);
    } else if (program === programId.computeBudget && bytes[0] === 3 && bytes.length === 9) {
      computeUnitPrice = Number(bytes.readBigUInt64LE(1));
    } else if (program === programId.system && accounts[1] === JITO_TIP_ACCOUNT && bytes.length === 12) {
      tipLamports += Number(bytes.readBigUInt64LE(4));
    } else if (program === programId.jupiter && bytes.length === 27) {
      const [payer, inputMint, outputMint, pool] = accounts;
      if (payer === undefined || inputMint === undefined) return undefined;
      if (outputMint === undefined || pool === undefined) return undefined;
      return {
        payer,
        inputMint,
        outputMint,
        pool,
        amountIn: bytes.readBigUInt64LE(8),
        quotedOut: bytes.readBigUInt64LE(16),
        toleranceBps: bytes.readUInt16LE(24),
        computeUnitLimit,
        computeUnitPrice,
        tipLamports,
      };
    }
  }
  return undefined;
}

/** Position of the swap among the instructions, as used in errors. */
export function swapIndex(message: Message): number {
  return message.instructions.findIndex(({ program }) => program === programId.jupiter);
}

/** Of a transaction with one signature. */
export const BASE_FEE_LAMPORTS: number = Number(LAMPORTS_PER_SIGNATURE);
