export const dayMs: number = 86_400_000;

/** Whole UTC days of series that are kept beside the current one. */
export const retainedDays = 7;

/** First millisecond of the UTC day of an instant. */
export function dayStart(timeMs: number): number {
  return Math.floor(timeMs / dayMs) * dayMs;
}

/** First millisecond of the oldest day that is kept when the newest instant is at `newestMs`. */
export function oldestRetained(newestMs: number): number {
  return dayStart(newestMs) - retainedDays * dayMs;
}

/** When a day's series is to vanish although nobody is left to delete it: as its age passes 7 days. */
export function dayExpiry(timeMs: number): number {
  return dayStart(timeMs) + (retainedDays + 1) * dayMs;
}

/** First milliseconds of the UTC days that a span of time touches. */
export function daysBetween(fromMs: number, toMs: number): readonly number[] {
  const days: number[] = [];
  for (let day = dayStart(fromMs); day <= toMs; day += dayMs) days.push(day);
  return days;
}
