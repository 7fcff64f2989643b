import { quantity, SlipstreamError } from "@slipstream/conventions";

/** Rows of the history that are damaged. */
export interface MissingRows {
  /** The event times between which they are, Unix ms; null if that is not known. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** How many; null if that is not known. */
  readonly rows: number | null;
}

/** All of them as one; undefined if there are none. */
export function missingInAll(missing: readonly MissingRows[]): MissingRows | undefined {
  const [first, ...rest] = missing;
  const known = <T>(a: T | null, b: T | null, join: (a: T, b: T) => T): T | null =>
    a === null || b === null ? null : join(a, b);
  return rest.reduce<MissingRows | undefined>(
    (all, one) =>
      all && {
        fromMs: known(all.fromMs, one.fromMs, Math.min),
        toMs: known(all.toMs, one.toMs, Math.max),
        rows: known(all.rows, one.rows, (a, b) => a + b),
      },
    first,
  );
}

/** `3 trades between 2026-03-01T10:00:00.000Z and 2026-03-01T10:00:05.000Z are damaged and cannot be read`. */
export function missingText({ fromMs, toMs, rows }: MissingRows): string {
  const time = (ms: number): string => new Date(ms).toISOString();
  const between = fromMs === null || toMs === null ? "" : ` between ${time(fromMs)} and ${time(toMs)}`;
  const what = rows === null ? "An unknown number of trades" : quantity(rows, "trade");
  return `${what}${between} ${rows === 1 ? "is" : "are"} damaged and cannot be read`;
}

/** For who needs all rows. */
export function historyDamaged(missing: MissingRows): SlipstreamError {
  return new SlipstreamError(
    "history_damaged",
    `${missingText(missing)}. Trades of other times can: ask for the time before it or after it.`,
    { field: "data" },
  );
}
