import type { Happening } from "./rule.ts";

/** What a rule may be about instead of a condition. */
export const happenings: readonly Happening[] = ["daily_summary", "benchmark_results"];
