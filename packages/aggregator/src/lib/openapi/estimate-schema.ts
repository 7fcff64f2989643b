import type { Estimate, Share } from "@slipstream/mev";
import { z } from "zod";
import { intervalSchema } from "./current-schema.ts";
import { maybe, named, number, text } from "./named.ts";

const estimate = {
  value: maybe(z.number(), "The value. `null`: not known, and `reason` says why."),
  interval: intervalSchema.describe("Absent if none can be given.").exactOptional(),
  count: number("Samples behind it."),
  reason: text("Why the value, or its interval, is not known.").exactOptional(),
};

export const estimateSchema: z.ZodType<Estimate> = named("Estimate", z.strictObject(estimate));

export const shareSchema: z.ZodType<Share> = named(
  "Share",
  z.strictObject({ ...estimate, successes: number("How many of the samples it is the share of.") }),
);
