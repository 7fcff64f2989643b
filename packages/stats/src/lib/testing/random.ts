export { seededRandom as seeded } from "../seeded-random.ts";

/** Latencies in seconds with shapes that break estimators: skewed, bimodal, heavy-tailed, constant. */
export const distributions: Readonly<Record<string, (random: () => number) => number>> = {
  lognormal: (random) => Math.exp(-3 + 0.8 * normal(random)),
  bimodal: (random) => (random() < 0.9 ? 0.02 + 0.002 * normal(random) : 0.8 + 0.05 * normal(random)),
  pareto: (random) => 0.001 * random() ** (-1 / 1.1),
  constant: () => 0.0371,
};

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}
