import { z } from "zod";
import { maybe, named } from "./named.ts";

/** The answer of `/api/canaries`. */
export interface CanaryList {
  readonly canaries: readonly {
    readonly traceId: string;
    readonly service: string;
    /** ISO 8601. */
    readonly ended: string;
    /** ISO 8601. */
    readonly received: string;
    readonly seconds: number | null;
  }[];
}

export const canariesSchema: z.ZodType<CanaryList> = named(
  "Canaries",
  z.strictObject({
    canaries: z
      .array(
        z.strictObject({
          traceId: z.string().describe("32 hexadecimal digits."),
          service: z.string().describe("`service.name` of whoever sent it."),
          ended: z.string().describe("End of its span, by the clock of whoever sent it."),
          received: z.string().describe("When the aggregator received it."),
          seconds: maybe(
            z.number(),
            "From its end to its receipt. `null` if the clock of whoever sent it is ahead.",
          ),
        }),
      )
      .describe("The newest 32 of `slipstream doctor` and the newest 32 of others, the newest first."),
  }),
);
