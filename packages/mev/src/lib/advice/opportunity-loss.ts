/**
 * Expected cost of deciding now instead of after the value is known, for a normally distributed value: the
 * unit-normal linear-loss integral. Source: H. Raiffa, R. Schlaifer, Applied Statistical Decision Theory
 * (1961), section 5.4.
 */
export function opportunityLoss(mean: number, deviation: number): number {
  if (!(deviation > 0)) return 0;
  const z = Math.abs(mean) / deviation;
  return deviation * (density(z) - z * above(z));
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * P(X > z) for the standard normal distribution, z >= 0. Source: Abramowitz and Stegun 26.2.17, error <
 * 7.5e-8.
 */
function above(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const powers = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  return powers.reduceRight((sum, factor) => (sum + factor) * t, 0) * density(z);
}
