import type { Verdict } from "./model.ts";

/** Two verdicts on a trade are equal if their prints are, whatever else was known of those around it. */
export function verdictPrint({ basis: _, ...verdict }: Verdict): string {
  return JSON.stringify(verdict, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
}
