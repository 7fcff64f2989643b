import { type AttackerKind, attackerKinds, defaultMix } from "@slipstream/simulator";

/** A world to be judged on. */
export interface AccuracyWorld {
  readonly options: {
    readonly seed: number;
    readonly trades: number;
    readonly days: number;
    readonly attackRate: number;
    readonly noise: number;
    readonly attackers: Partial<Readonly<Record<AttackerKind, number>>>;
    readonly creatorFeeShare: number;
    readonly transferShare: number;
  };
  /** For people. */
  readonly about: string;
}

type Mix = Omit<AccuracyWorld["options"], "seed" | "trades" | "days"> & Pick<AccuracyWorld, "about">;

/** Of today's chain: see mev-world.md. */
const today = { creatorFeeShare: 0.7, transferShare: 0.05 } as const;

const usual: Mix = {
  about: "the usual mix, with linked wallets",
  attackRate: 0.02,
  noise: 1,
  attackers: { ...defaultMix, linked_wallets: 0.08 },
  ...today,
};

/** Mixes of attackers, in turn for one seed after the other. */
const mixes: readonly Mix[] = [
  usual,
  {
    about: "those that are hard to see, more often, in more noise",
    attackRate: 0.05,
    noise: 1.5,
    attackers: { wallet_rotation: 3, linked_wallets: 2, cross_slot: 3, split_legs: 2, failing: 4 },
    ...today,
  },
  {
    about: "every kind as often, rarely",
    attackRate: 0.01,
    noise: 1,
    attackers: Object.fromEntries(attackerKinds.map((kind) => [kind, 1])),
    ...today,
  },
];

const TRADES_PER_DAY = 10_000;

/** Seeds that nothing was tuned on, and that nobody looked at before. */
export const defaultSeeds: readonly number[] = [8101, 8102, 8103];
export const defaultTrades = 240_000;
export const quickTrades = 5000;

export function accuracyWorlds(seeds: readonly number[], trades: number): AccuracyWorld[] {
  return seeds.map((seed, index) => accuracyWorld(seed, index, trades, trades / TRADES_PER_DAY));
}

/** @param index Settles the mix. */
export function accuracyWorld(seed: number, index: number, trades: number, days: number): AccuracyWorld {
  const { about, ...mix } = mixes[index % mixes.length] ?? usual;
  return { about, options: { seed, trades, days, ...mix } };
}

/** Flags of `score.main.ts` and `verdicts.main.ts` for the same world. */
export function flagsOf({ options }: AccuracyWorld): string {
  const { seed, trades, days, attackRate, noise, attackers, creatorFeeShare, transferShare } = options;
  const mix = Object.entries(attackers).map(([kind, weight]) => `${kind}=${weight}`);
  return `--seed ${seed} --trades ${trades} --days ${days} --rate ${attackRate} --noise ${noise} --attackers ${mix.join(",")} --creator-fees ${creatorFeeShare} --transfers ${transferShare}`;
}
