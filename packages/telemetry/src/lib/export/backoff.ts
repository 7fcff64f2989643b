const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/** How long to wait after the `failures`-th failure in a row: doubling, at most 5 s, half of it by chance. */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  const ceiling = Math.min(FIRST_MS * 2 ** Math.min(failures - 1, 16), LONGEST_MS);
  return ceiling / 2 + (random() * ceiling) / 2;
}
