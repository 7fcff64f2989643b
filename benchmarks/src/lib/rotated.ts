/** The whole list in its order, but each round begins with the next item, so that none is first more often than another. */
export function rotated<T>(list: readonly T[], round: number): readonly T[] {
  const first = round % list.length;
  return [...list.slice(first), ...list.slice(0, first)];
}
