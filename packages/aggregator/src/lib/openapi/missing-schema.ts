import { z } from "zod";
import type { MissingTrades } from "../mev-report/missing-trades.ts";
import { named } from "./named.ts";

/** Trades that an answer from the history lacks. */
export const missingSchema: z.ZodType<MissingTrades | null> = named(
  "MissingTrades",
  z.strictObject({
    trades: z.number().nullable().describe("How many. `null`: not known."),
    from: z.string().nullable().describe("They ended from this time on. `null`: not known."),
    to: z.string().nullable().describe("They ended until this time. `null`: not known."),
  }),
)
  .nullable()
  .describe(
    "Trades of the period that are damaged on the disk, so that they are in no number of the answer. `null`: none is.",
  );
