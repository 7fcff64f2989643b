import type { Finding } from "./check.ts";

interface Store {
  readonly check: "Redis" | "QuestDB";
  /** How it is named. */
  readonly option: string;
  /** What is in the embedded store without it. */
  readonly holds: string;
}

/**
 * Of a store that is not named here. An aggregator elsewhere may have it all the same.
 *
 * @param isWritten whether the aggregator that answers writes to it
 */
export function storeNotNamed({ check, option, holds }: Store, isWritten: boolean): Finding {
  const text = isWritten
    ? `the aggregator writes to it; it was not looked at from here: ${option} names it`
    : `not configured; the embedded store holds ${holds}`;
  return { check, outcome: "ok", text };
}
