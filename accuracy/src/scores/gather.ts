/** Counts and lists by key. */
export function bump(counts: Map<string, number>, key: string, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

export function pushTo(lists: Map<string, number[]>, key: string, value: number): void {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  list.push(value);
}

export function mergeCounts(into: Map<string, number>, from: ReadonlyMap<string, number>): void {
  for (const [key, count] of from) bump(into, key, count);
}

export function mergeLists(into: Map<string, number[]>, from: ReadonlyMap<string, readonly number[]>): void {
  for (const [key, values] of from) {
    const list = into.get(key) ?? [];
    into.set(key, list);
    for (const value of values) list.push(value);
  }
}

export function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
