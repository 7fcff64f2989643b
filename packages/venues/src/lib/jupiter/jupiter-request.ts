import type { Quote } from "../facts.ts";
import type { SentTransaction } from "../transaction/sent-transaction.ts";

export type JupiterOperation = "quote" | "swap" | "order" | "build" | "execute" | "submit" | "price";

/** What a request to Jupiter says. Amounts are decimal strings, in atoms. */
export interface JupiterRequest {
  readonly inputMint?: string | undefined;
  readonly outputMint?: string | undefined;
  /** Of the input, or for ExactOut of the output. */
  readonly amount?: string | undefined;
  readonly exactOut?: boolean | undefined;
  readonly slippageBps?: number | undefined;
  /** Who swaps. */
  readonly taker?: string | undefined;
  /** The quote that a swap is built from. */
  readonly quote?: Quote | undefined;
  /** Of the order that is executed. */
  readonly requestId?: string | undefined;
  readonly sent?: SentTransaction | undefined;
}
