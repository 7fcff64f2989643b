import { readFileSync } from "node:fs";
import { z } from "zod";

const tradeSchema = z.object({
  type: z.literal("trade"),
  id: z.string(),
  status: z.enum(["success", "failed"]),
  slot: z.number().nullable(),
  signature: z.string().nullable(),
});

const totalsSchema = z.object({
  type: z.literal("totals"),
  trades: z.number(),
  spans: z.number(),
  success: z.number(),
  failed: z.number(),
  priorityFeesLamports: z.number(),
  calls: z.record(z.string(), z.object({ count: z.number() })),
});

/** A trade as it happened. */
export interface Trade {
  readonly id: string;
  readonly status: "success" | "failed";
  readonly slot: number | null;
  readonly signature: string | null;
}

/** What the desk counted. */
export interface Totals {
  readonly trades: number;
  readonly spans: number;
  readonly success: number;
  readonly failed: number;
  readonly priorityFeesLamports: number;
  /** By the name of the span. */
  readonly calls: Readonly<Record<string, { readonly count: number }>>;
}

/** The trades that the simulated desk has written down so far. */
export function tradesOf(file: string): readonly Trade[] {
  return linesOf(file).flatMap((line) => {
    const { success, data } = tradeSchema.safeParse(line);
    return success ? [data] : [];
  });
}

/** What the desk counted, once it has ended. */
export function totalsOf(file: string): Totals {
  return totalsSchema.parse(linesOf(file).at(-1));
}

/** Whole lines only: the desk may be writing the last one. */
function linesOf(file: string): readonly unknown[] {
  const text = readFileSync(file, "utf8");
  const lines = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
  return lines.filter((line) => line !== "").map((line): unknown => JSON.parse(line));
}
