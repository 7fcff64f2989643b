import type { Fields } from "../json.ts";
import { SOL, USDC } from "./transactions.ts";

/** An answer to a quote, in the form of Jupiter's documentation. */
export function quoteAnswer(changes: Fields = {}): Fields {
  return {
    inputMint: USDC,
    inAmount: "250000000",
    outputMint: SOL,
    outAmount: "1640000000",
    otherAmountThreshold: "1631800000",
    swapMode: "ExactIn",
    slippageBps: 50,
    platformFee: null,
    priceImpactPct: "0.00012",
    routePlan: [
      {
        swapInfo: {
          ammKey: "Czfq3xZZDmsdGdUyrNLtRhGc47cXcZtLG4crryfu44zE",
          label: "Whirlpool",
          inputMint: USDC,
          outputMint: SOL,
          inAmount: "250000000",
          outAmount: "1640000000",
        },
        percent: 100,
        bps: 10_000,
      },
    ],
    contextSlot: 371_000_000,
    timeTaken: 0.004,
    ...changes,
  };
}

export const quoteUrl: string = `https://api.jup.ag/swap/v1/quote?inputMint=${USDC}&outputMint=${SOL}&amount=250000000&slippageBps=50`;
