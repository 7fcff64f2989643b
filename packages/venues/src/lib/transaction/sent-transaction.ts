import { programName, readWireText, wireFees } from "@slipstream/solana";
import { messageHash } from "./message-hash.ts";

/** Instructions that are told apart. */
const MOST_SWAPS = 8;

/** A transaction that is sent, simulated or handed out to be signed: what it says of itself, never its bytes. */
export interface SentTransaction {
  /** Base58; undefined while the fee payer has not signed. */
  readonly signature: string | undefined;
  readonly feePayer: string;
  readonly blockhash: string;
  readonly version: "legacy" | 0 | 1;
  /** undefined if the transaction does not say it. */
  readonly priorityFeeLamports: number | undefined;
  readonly computeUnitLimit: number | undefined;
  /** Micro-lamports; undefined for version 1, and if it offers none. */
  readonly computeUnitPrice: number | undefined;
  /** The most first. Tips to accounts of look-up tables are not seen. */
  readonly tips: readonly { readonly service: string; readonly lamports: number }[];
  /** Addresses of its programs that swap, each once, in order. */
  readonly swapPrograms: readonly string[];
  /** Hashes of the data of the instructions that swap: the same for the same swap in another message. */
  readonly swapHashes: readonly string[];
  /** The same for the same message, whoever has signed it. */
  readonly messageHash: string;
}

/** All that a transaction tips, lamports. */
export function tipLamports({ tips }: Pick<SentTransaction, "tips">): number {
  return tips.reduce((sum, { lamports }) => sum + lamports, 0);
}

/** Reads a transaction from the text in which it is sent; undefined if it is none. */
export function sentTransaction(text: unknown, encoding: "base58" | "base64"): SentTransaction | undefined {
  const transaction = typeof text === "string" ? readWireText(text, encoding) : undefined;
  if (transaction === undefined) return undefined;
  const { signature, payer, blockhash, version, message, instructions } = transaction;
  const swaps = instructions.filter(({ program }) => programName(program) !== undefined);
  const { tips, ...fees } = wireFees(transaction);
  return {
    signature,
    feePayer: payer,
    blockhash,
    version,
    ...fees,
    tips: tips.flatMap(({ service, lamports }) =>
      lamports > Number.MAX_SAFE_INTEGER ? [] : { service, lamports: Number(lamports) },
    ),
    swapPrograms: [...new Set(swaps.map(({ program }) => program))],
    swapHashes: swaps.slice(0, MOST_SWAPS).map(({ data }) => messageHash(data)),
    messageHash: messageHash(message),
  };
}
