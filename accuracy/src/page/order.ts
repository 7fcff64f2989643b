/** Entries sorted by name. */
export function byName<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Entries sorted by count, largest first. */
export function byCount(map: ReadonlyMap<string, number>): [string, number][] {
  return byName(map).sort(([, a], [, b]) => b - a);
}
