const UNITS: readonly (readonly [unit: string, seconds: number])[] = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
];

const FORM = /^(?:\d+(?:\.\d+)?[smhd])+$/;
const PART = /(\d+(?:\.\d+)?)([smhd])/g;

/** Seconds of "90s", "5m" or "1h30m"; undefined if it is something else. */
export function parseDuration(text: string): number | undefined {
  if (!FORM.test(text)) return undefined;
  const units = new Map(UNITS);
  let seconds = 0;
  for (const [, amount = "", unit = ""] of text.matchAll(PART))
    seconds += Number(amount) * (units.get(unit) ?? 0);
  return seconds;
}

/** "90s" is "1m30s", 0 is "0s". `parseDuration` reads it back. */
export function durationText(seconds: number): string {
  let left = seconds;
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const amount = unit === "s" ? left : Math.floor(left / size);
    if (amount > 0) parts.push(`${amount}${unit}`);
    left -= amount * size;
  }
  return parts.length === 0 ? "0s" : parts.join("");
}
