import { type MissingRows, missingInAll } from "../history/missing-rows.ts";

/** Trades of the span that cannot be read, because they are damaged on the disk: they are in no number of the answer. */
export interface MissingTrades {
  /** How many; null if that is not known. */
  readonly trades: number | null;
  /** Between which times they ended, ISO 8601; null if that is not known. */
  readonly from: string | null;
  readonly to: string | null;
}

/** null if there are none. */
export function missingTrades(missing: readonly MissingRows[]): MissingTrades | null {
  const inAll = missingInAll(missing);
  if (inAll === undefined) return null;
  const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  return { trades: inAll.rows, from: time(inAll.fromMs), to: time(inAll.toMs) };
}
