import { base58 } from "@scure/base";
import {
  ComputeBudgetProgram,
  Keypair,
  PublicKey,
  SystemProgram,
  TransactionInstruction,
  TransactionMessage,
  VersionedTransaction,
} from "@solana/web3.js";
import type { Fate } from "./fate.ts";

/** A transaction that Jupiter has built, and what becomes of it. Amounts are in atoms. */
export interface Swap {
  readonly fate: Fate;
  readonly taker: string;
  readonly inMint: string;
  readonly outMint: string;
  readonly inAmount: number;
  /** What lands. */
  readonly outAmount: number;
  readonly blockhash: string;
  readonly lastValidBlockHeight: number;
  /** When it has been sent. */
  signature?: string;
  /** How often its status was asked for. */
  asked: number;
  /** How often the node has refused to answer. */
  refused: number;
}

export interface Terms {
  readonly taker: string;
  readonly inMint: string;
  readonly outMint: string;
  readonly inAmount: number;
  readonly outAmount: number;
  readonly tipLamports: number;
}

const JUPITER = new PublicKey("JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4");
/** Of Jito, on Solana's main network. */
export const tipAccount: string = "96gYZGLnJYVFmbjzopPSU6QiEV5fGqZNyN9nmNhvrZU5";
export const computeUnitLimit: number = 140_000;
const MICRO_LAMPORTS = 50_000;
/** Micro-lamports of the price, times the limit. */
export const priorityFeeLamports: number = (computeUnitLimit * MICRO_LAMPORTS) / 1e6;
export const baseFeeLamports: number = 5_000;
const VALID_BLOCKS = 150;
/** Blocks for each time that a transaction that never lands is looked for. */
const BLOCKS_PER_LOOK = 100;

/** Transactions, from when they are built until they land. Each has a blockhash of its own. */
export class Market {
  height: number = 350_000_000;
  slot: number = 371_000_000;
  readonly #fates: readonly Fate[];
  readonly #swaps = new Map<string, Swap>();
  #begun = 0;

  constructor(fates: readonly Fate[]) {
    this.#fates = fates;
  }

  /** Of a transaction whose blockhash is the newest. */
  get lastValidBlockHeight(): number {
    return this.height + VALID_BLOCKS;
  }

  /** What becomes of the trade that begins now. */
  get fate(): Fate {
    return this.#fates[this.#begun % this.#fates.length] ?? "confirmed";
  }

  /** Builds the transaction of a swap, without signatures. The next trade has the next fate. */
  build(terms: Terms): { readonly swap: Swap; readonly transaction: string } {
    const { taker, inAmount, outAmount } = terms;
    const payer = new PublicKey(taker);
    const blockhash = Keypair.generate().publicKey.toBase58();
    const data = Buffer.alloc(27);
    data.writeBigUInt64LE(BigInt(inAmount), 8);
    data.writeBigUInt64LE(BigInt(outAmount), 16);
    const tip = { fromPubkey: payer, toPubkey: new PublicKey(tipAccount), lamports: terms.tipLamports };
    const signer = { pubkey: payer, isSigner: true, isWritable: true };
    const message = new TransactionMessage({
      payerKey: payer,
      recentBlockhash: blockhash,
      instructions: [
        ComputeBudgetProgram.setComputeUnitLimit({ units: computeUnitLimit }),
        ComputeBudgetProgram.setComputeUnitPrice({ microLamports: MICRO_LAMPORTS }),
        ...(terms.tipLamports === 0 ? [] : [SystemProgram.transfer(tip)]),
        new TransactionInstruction({ programId: JUPITER, keys: [signer], data }),
      ],
    }).compileToV0Message();
    const swap: Swap = {
      ...terms,
      fate: this.fate,
      blockhash,
      lastValidBlockHeight: this.lastValidBlockHeight,
      asked: 0,
      refused: 0,
    };
    this.#swaps.set(blockhash, swap);
    this.#begun += 1;
    const transaction = Buffer.from(new VersionedTransaction(message).serialize()).toString("base64");
    return { swap, transaction };
  }

  /** Skips a trade: its next one has the next fate. */
  skip(): void {
    this.#begun += 1;
  }

  /** The swap of a signed transaction, base64, that is sent. */
  sent(wire: string): Swap | undefined {
    const { message, signatures } = VersionedTransaction.deserialize(Buffer.from(wire, "base64"));
    const swap = this.#swaps.get(message.recentBlockhash);
    const [signature] = signatures;
    if (swap !== undefined && signature !== undefined) swap.signature = base58.encode(signature);
    return swap;
  }

  bySignature(signature: string): Swap | undefined {
    return [...this.#swaps.values()].find((swap) => swap.signature === signature);
  }

  /** Looks for a transaction: it lands at the second look, or never. */
  look(swap: Swap): boolean {
    swap.asked += 1;
    this.slot += 1;
    if (swap.fate !== "expired") return swap.asked > 1;
    this.height += BLOCKS_PER_LOOK;
    return false;
  }
}
