import { type Message, type MessageInstruction, u32, u64 } from "@slipstream/solana";

const SYSTEM = "11111111111111111111111111111111";
const COMPUTE_BUDGET = "ComputeBudget111111111111111111111111111111";
export const JUPITER_PROGRAM = "JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4";
/** One of Jito's eight accounts for tips. */
const JITO_TIP_ACCOUNT = "96gYZGLnJYVFmbjzopPSU6QiEV5fGqZNyN9nmNhvrZU5";
/** Anchor's discriminator of `route`: the first 8 bytes of SHA-256("global:route"). */
const ROUTE = Buffer.from("e517cb977ae3ad2a", "hex");

/** What a swap's transaction asks for. */
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

/** The instructions a wallet would find in Jupiter's answer: compute budget, tip, route. */
export function swapMessage(request: SwapRequest, recentBlockhash: string): Message {
  const { payer, inputMint, outputMint, pool } = request;
  const instructions: MessageInstruction[] = [
    {
      program: COMPUTE_BUDGET,
      accounts: [],
      data: Buffer.concat([Buffer.from([2]), u32(request.computeUnitLimit)]),
    },
    {
      program: COMPUTE_BUDGET,
      accounts: [],
      data: Buffer.concat([Buffer.from([3]), u64(BigInt(request.computeUnitPrice))]),
    },
  ];
  if (request.tipLamports > 0) {
    const data = Buffer.concat([u32(2), u64(BigInt(request.tipLamports))]);
    instructions.push({ program: SYSTEM, accounts: [payer, JITO_TIP_ACCOUNT], data });
  }
  const tolerance = Buffer.alloc(3);
  tolerance.writeUInt16LE(request.toleranceBps);
  instructions.push({
    program: JUPITER_PROGRAM,
    accounts: [payer, inputMint, outputMint, pool],
    data: Buffer.concat([ROUTE, u64(request.amountIn), u64(request.quotedOut), tolerance]),
  });
  return { payer, recentBlockhash, instructions };
}

/** The other way; undefined where the message holds no swap of this form. */
export function readSwap(message: Message): SwapRequest | undefined {
  let computeUnitLimit = 200_000;
  let computeUnitPrice = 0;
  let tipLamports = 0;
  for (const { program, accounts, data } of message.instructions) {
    const bytes = Buffer.from(data);
    if (program === COMPUTE_BUDGET && bytes[0] === 2 && bytes.length === 5) {
      computeUnitLimit = bytes.readUInt32LE(1);
    } else if (program === COMPUTE_BUDGET && bytes[0] === 3 && bytes.length === 9) {
      computeUnitPrice = Number(bytes.readBigUInt64LE(1));
    } else if (program === SYSTEM && accounts[1] === JITO_TIP_ACCOUNT && bytes.length === 12) {
      tipLamports += Number(bytes.readBigUInt64LE(4));
    } else if (program === JUPITER_PROGRAM && bytes.length === 27) {
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

/** Place of the swap among the instructions, as errors name it. */
export function swapIndex(message: Message): number {
  return message.instructions.findIndex(({ program }) => program === JUPITER_PROGRAM);
}

/** Lamports: the price is in micro-lamports for each unit of the limit asked for, rounded up. */
export function priorityFee(computeUnitLimit: number, computeUnitPrice: number): number {
  return Math.ceil((computeUnitLimit * computeUnitPrice) / 1_000_000);
}

export const BASE_FEE_LAMPORTS = 5000;
