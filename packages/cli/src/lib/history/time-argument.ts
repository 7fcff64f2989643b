import { SlipstreamError } from "@slipstream/conventions";

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A time as it is given to a flag: ISO 8601, UTC where it names no zone ("2026-03-01", "2026-03-01T10:30"), or so long
 * before now ("90s", "15m", "2h", "7d"). Unix ms.
 *
 * @throws SlipstreamError (`usage`) with the flag and what is allowed
 */
export function timeArgument(flag: string, text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const ago = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text);
  if (ago !== null) return nowMs - Number(ago[1]) * (unitMs[ago[2] ?? ""] ?? Number.NaN);
  const iso = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/i.exec(text);
  // Without a zone, JavaScript would take a time of day for local time.
  const timeMs =
    iso === null ? Number.NaN : Date.parse(text.length > 10 && iso[1] === undefined ? `${text}Z` : text);
  if (!Number.isNaN(timeMs)) return timeMs;
  throw new SlipstreamError(
    "usage",
    `${flag} = ${JSON.stringify(text)} is not a time; allowed: 2026-03-01, 2026-03-01T10:30:00Z, or an age: 15m, 2h, 7d`,
  );
}
