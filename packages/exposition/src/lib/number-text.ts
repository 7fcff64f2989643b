/**
 * A sample's value as both formats write it: the shortest text that reads back as the same double. Integers have no
 * fraction, negative zero keeps its sign, and the rest is `+Inf`, `-Inf` or `NaN`.
 */
export function valueText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  return String(value);
}

/**
 * A bucket's bound as OpenMetrics requires it: as Go prints a float, always with a fraction ("1.0", "0.25", "1e+06").
 * Source: OpenMetrics 1.0, "Numbers in le and quantile labels".
 */
export function canonicalText(bound: number): string {
  if (!Number.isFinite(bound)) return valueText(bound);
  const magnitude = Math.abs(bound);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e6)) {
    return bound.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  return Number.isInteger(bound) ? `${valueText(bound)}.0` : String(bound);
}
