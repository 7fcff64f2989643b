import type { Verdict } from "./model.ts";

/** Two verdicts on a trade say the same where their prints are equal. */
export function verdictPrint(verdict: Verdict): string {
  return JSON.stringify(verdict, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
}
