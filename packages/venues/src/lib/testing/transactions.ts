import { encodeBase58, programId } from "@slipstream/solana";
import {
  builtTransaction,
  limitData,
  priceData,
  transferData,
  type WireDraft,
} from "@slipstream/testing/build-transaction";
import type { VenueHosts } from "../venue.ts";

/** A key, of 32 times the same byte. */
export const key = (fill: number): string => encodeBase58(new Uint8Array(32).fill(fill));
/** A signature, of 64 times the same byte. */
export const signature = (fill: number): string => encodeBase58(new Uint8Array(64).fill(fill));

/** On Solana's main network, of Jito. */
export const JITO_TIP_ACCOUNT = "96gYZGLnJYVFmbjzopPSU6QiEV5fGqZNyN9nmNhvrZU5";
export const USDC = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v";
export const SOL = "So11111111111111111111111111111111111111112";

export const trader: string = key(1);

/** A swap by Jupiter: 140,000 compute units at 50,000 micro-lamports, and a tip of 200,000 lamports to Jito. */
export function swapDraft(
  changes: Partial<WireDraft> = {},
  data: Uint8Array = new Uint8Array(27),
): WireDraft {
  return {
    version: 0,
    payer: trader,
    blockhash: key(2),
    signatures: [signature(9)],
    instructions: [
      { program: programId.computeBudget, accounts: [], data: limitData(140_000) },
      { program: programId.computeBudget, accounts: [], data: priceData(50_000n) },
      { program: programId.system, accounts: [trader, JITO_TIP_ACCOUNT], data: transferData(200_000n) },
      { program: programId.jupiter, accounts: [trader, key(5)], data },
    ],
    ...changes,
  };
}

export function base64(draft: WireDraft): string {
  return builtTransaction(draft).toString("base64");
}

export const hosts: VenueHosts = { jupiter: [], jito: [] };
