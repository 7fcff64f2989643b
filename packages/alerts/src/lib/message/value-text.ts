const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const BYTES = ["bytes", "KiB", "MiB", "GiB", "TiB"] as const;
/** Digits that may be added so that a value does not look like its threshold. */
const MOST_DIGITS = 8;

/**
 * A value as people read it: with its unit, and no more digits than say something.
 *
 * @param beside its threshold: if both would read the same though they differ, the value gets more digits
 */
export function valueText(
  value: number | string | null,
  unit: string,
  beside?: number | string | null,
): string {
  if (value === null) return "unknown";
  if (typeof value === "string") return value.replaceAll("_", "-");
  if (!Number.isFinite(value)) return "unknown";
  const text = written(value, unit, 0);
  if (typeof beside !== "number" || value === beside || text !== written(beside, unit, 0)) return text;
  for (let more = 1; more <= MOST_DIGITS; more += 1) {
    const longer = written(value, unit, more);
    if (longer !== written(beside, unit, more)) return longer;
  }
  return text;
}

/** A number of things, with separators. */
export function countText(count: number): string {
  return WHOLE.format(count);
}

/** How long, in one or two units: "45 s", "4 min 10 s", "2 h 5 min", "3 d 4 h". */
export function elapsedText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  if (whole < 3_600) return two(whole, 60, "min", "s");
  const minutes = Math.round(whole / 60);
  if (minutes < 1_440) return two(minutes, 60, "h", "min");
  return two(Math.round(minutes / 60), 24, "d", "h");
}

function two(count: number, per: number, large: string, small: string): string {
  const rest = count % per;
  return `${Math.floor(count / per)} ${large}${rest === 0 ? "" : ` ${rest} ${small}`}`;
}

/** @param more digits beyond the usual ones */
function written(value: number, unit: string, more: number): string {
  switch (unit) {
    case "ms":
      return Math.abs(value) >= 1_000
        ? `${rounded(value / 1_000, 2 + more)}s`
        : `${rounded(value, more + (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2))}ms`;
    case "%":
      return `${rounded(value, 1 + more)}%`;
    case "usd":
      return dollars(value, more);
    case "s":
      return more === 0 && Math.abs(value) >= 1 ? elapsedText(value) : `${rounded(value, 1 + more)} s`;
    case "bytes":
      return bytes(value, more);
    case "1/min":
      return `${rounded(value, 1 + more)}/min`;
    case "state":
    case "":
      return rounded(value, more);
    default:
      return `${rounded(value, (Number.isInteger(value) ? 0 : 2) + more)} ${unit}`;
  }
}

function dollars(value: number, more: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 || size === 0 ? more : 2 + more;
  const text = new Intl.NumberFormat("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(size);
  return `${value < 0 ? "-" : ""}$${text}`;
}

function bytes(value: number, more: number): string {
  let size = value;
  let at = 0;
  while (Math.abs(size) >= 1_024 && at < BYTES.length - 1) {
    size /= 1_024;
    at += 1;
  }
  return `${rounded(size, (at === 0 ? 0 : 1) + more)} ${BYTES[at]}`;
}

/** With separators, and without zeros that say nothing. */
function rounded(value: number, digits: number): string {
  const format = new Intl.NumberFormat("en-US", { maximumFractionDigits: Math.min(20, digits) });
  const text = format.format(value);
  return text === "-0" ? "0" : text;
}
