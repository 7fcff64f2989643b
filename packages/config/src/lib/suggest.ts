/**
 * The name that was probably meant: at most a third of the letters differ, or it is the only one that begins in this way.
 * undefined if there is none.
 */
export function suggest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const away = distance(name.toLowerCase(), candidate.toLowerCase());
    if (away < least) {
      least = away;
      best = candidate;
    }
  }
  return best ?? onlyBeginning(name.toLowerCase(), known);
}

function onlyBeginning(name: string, known: readonly string[]): string | undefined {
  if (name.length < 3) return undefined;
  const [first, ...others] = known.filter((candidate) => candidate.toLowerCase().startsWith(name));
  return others.length === 0 ? first : undefined;
}

/** Letters to insert, drop, change or swap with their neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  let older: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cell = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cell = Math.min(cell, (older[j - 2] ?? 0) + 1);
      }
      row.push(cell);
    }
    older = last;
    last = row;
  }
  return last[b.length] ?? a.length;
}
