import type { Lamports } from "@slipstream/conventions";
import type { ProtectionAdvice } from "@slipstream/mev";
import { z } from "zod";
import type { AdviceAnswer } from "../mev-report/advice.ts";
import { estimateSchema } from "./estimate-schema.ts";
import { missingSchema } from "./missing-schema.ts";
import { maybe, named, number, text, texts } from "./named.ts";

const lamports = (about: string): z.ZodType<Lamports> =>
  number(about) as z.ZodType<number> as z.ZodType<Lamports>;

const protection: z.ZodType<ProtectionAdvice> = named(
  "ProtectionAdvice",
  z.strictObject({
    protection: text("The protection to send with."),
    priorityFeeLamports: lamports("Priority fee to pay, in lamports."),
    tipLamports: lamports("Tip to pay, in lamports."),
    expectedUsd: number("Expected value, in USD: landing x (worth - attack x loss) - cost."),
    isWorthSending: z.boolean().describe("Whether the expected value is above 0."),
    costUsd: number("What fee and tip cost on average, in USD."),
    worthUsd: number("Worth of landing, in USD."),
    lossUsd: number("Loss if it is sandwiched, in USD."),
    landing: estimateSchema.describe("Chance to land; the interval is of trades with similar bids."),
    attack: estimateSchema.describe(
      "Chance to be sandwiched; the interval is of trades of this pair and size.",
    ),
    evidence: texts("What it rests on, in words."),
  }),
);

const asked = {
  pair: text("The pair."),
  sizeUsd: number("The size, in USD."),
  urgency: maybe(z.string(), "The strategy. `null`: any."),
  slippageBps: maybe(z.number(), "The slippage tolerance, in basis points. `null`: the usual one."),
  from: text("Start of the period that it is learned from."),
  to: text("End of it."),
  trades: number("Trades that it is learned from."),
  truncated: z.boolean().describe("Whether there were more trades. Then it is learned from the newest."),
  missing: missingSchema,
  solUsd: maybe(z.number(), "Price of SOL, in USD."),
};

/** The answer of `/api/advice`. */
export const adviceSchema: z.ZodType<AdviceAnswer> = named(
  "Advice",
  z.union([
    z.strictObject({
      ...asked,
      advice: protection.describe("The best bid."),
      others: z.array(protection).describe("The same for the other protections."),
      reasons: texts("Why there is no advice on the rest of them."),
    }),
    z.strictObject({
      ...asked,
      advice: z.null().describe("`null`: too little is known."),
      reason: text("What is lacking."),
    }),
  ]),
);
