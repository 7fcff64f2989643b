/**
 * Fewer attacked trades than this do not show whether something pays off or how attacks differ, so no sign is reported. The mean of
 * fewer losses has no interval either: most of what is lost is lost by a few trades.
 */
export const LEAST_ATTACKED = 10;
/** Fewer compared trades than this, on both sides together, do not show what something costs or returns. */
export const LEAST_COMPARED = 200;

/** For people: "too few attacked trades: 3 of 10 needed". */
export function tooFew(count: number, what: string, least: number): string {
  return `too few ${what}: ${count} of ${least} needed`;
}
