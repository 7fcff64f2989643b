import { z } from "zod";
import { named, number, text } from "./named.ts";

const error = z.strictObject({
  code: text("Code ([errors.md](errors.md))."),
  message: text("What is wrong, and what is allowed."),
  field: text("The parameter, header or option at fault.").exactOptional(),
});

/** The answer of any route that refuses. */
export const errorSchema: z.ZodType = named("Error", z.strictObject({ error: error.describe("The error.") }));

/** The same from the OTLP routes. */
export const statusSchema: z.ZodType = named(
  "Status",
  z.strictObject({
    code: number("`google.rpc.Code`."),
    message: text("What is wrong."),
    error: error.describe("The same as other routes give it."),
  }),
);

const rejected = text("How many could not be read.").exactOptional();

/** What the OTLP routes answer once a request is on the disk. */
export const exportSchema: z.ZodType = named(
  "ExportResponse",
  z.strictObject({
    partialSuccess: z
      .strictObject({ rejectedSpans: rejected, rejectedDataPoints: rejected, errorMessage: text("Why.") })
      .describe("Absent if everything could be read.")
      .exactOptional(),
  }),
);
