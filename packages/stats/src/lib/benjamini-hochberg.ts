/**
 * Adjusted p-values: the false discovery rate at which each p-value is just accepted. If all values up to
 * 0.05 are accepted, at most 5 % of them are expected to be chance.
 * Source: Y. Benjamini, Y. Hochberg, J. R. Statist. Soc. B 57 (1995) 289-300.
 * @param tests Number of tests made, if `ps` holds only some of them.
 */
export function benjaminiHochberg(ps: readonly number[], tests: number = ps.length): number[] {
  const order = ps.map((_, i) => i).sort((a, b) => (ps[b] ?? 0) - (ps[a] ?? 0));
  const adjusted = new Array<number>(ps.length).fill(1);
  let least = 1;
  for (const [at, index] of order.entries()) {
    const rank = ps.length - at;
    least = Math.min(least, ((ps[index] ?? 1) * tests) / rank);
    adjusted[index] = least;
  }
  return adjusted;
}
