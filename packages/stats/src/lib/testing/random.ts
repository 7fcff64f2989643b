/** A seeded source of numbers in (0, 1): mulberry32, after Tommy Ettinger's public-domain generator. */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}

/** Latencies in seconds of the shapes that break estimators: skewed, two humps, heavy tail, all the same. */
export const distributions: Readonly<Record<string, (random: () => number) => number>> = {
  lognormal: (random) => Math.exp(-3 + 0.8 * normal(random)),
  bimodal: (random) => (random() < 0.9 ? 0.02 + 0.002 * normal(random) : 0.8 + 0.05 * normal(random)),
  pareto: (random) => 0.001 * random() ** (-1 / 1.1),
  constant: () => 0.0371,
};

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}
