/** Numbers as the terminal view shows them. Unknown is a dash, never 0. */
export const unknown = "–";

export function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

export function fixed(value: number, digits: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Milliseconds with three significant digits: 0.31 ms, 4.25 ms, 212 ms, 12.5 s. */
export function milliseconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return unknown;
  if (value >= 10_000) return `${fixed(value / 1000, 1)} s`;
  if (value >= 100) return `${whole(value)} ms`;
  return `${fixed(value, value >= 10 ? 1 : 2)} ms`;
}

export function percent(value: number | null | undefined, digits: number = 1): string {
  return value === null || value === undefined ? unknown : `${fixed(value, digits)} %`;
}

/** Dollars with their sign. */
export function dollars(value: number | null | undefined): string {
  if (value === null || value === undefined) return unknown;
  return `${value < 0 ? "-" : "+"}$${fixed(Math.abs(value), 2)}`;
}

/** Time of day, UTC. */
export function clock(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(11, 19);
}

/** "45 s", "12 min", "3 h", "2 days". */
export function span(seconds: number): string {
  if (seconds < 120) return `${whole(seconds)} s`;
  if (seconds < 7_200) return `${whole(seconds / 60)} min`;
  if (seconds < 172_800) return `${whole(seconds / 3_600)} h`;
  return `${whole(seconds / 86_400)} days`;
}

/** With a capital first letter. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Widest part of the text that fits, with … where it is cut. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** From when a total counts: "since 10:03:45" on the same day, "since 2026-01-02" on another, "in all" if that is not known. */
export function since(time: string | null | undefined, now: string | null): string {
  const timeMs = Date.parse(time ?? "");
  if (Number.isNaN(timeMs)) return "in all";
  const day = new Date(timeMs).toISOString().slice(0, 10);
  return `since ${now?.startsWith(day) ? clock(timeMs) : day}`;
}
