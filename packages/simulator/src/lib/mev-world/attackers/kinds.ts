/**
 * How attackers work.
 * - `classic`: one leg before the victim, one after it, by one wallet.
 * - `multi_victim`: around several trades at once.
 * - `split_legs`: two or three legs on a side.
 * - `wallet_rotation`: the back leg by another wallet, through a private program or with the same holder's token accounts.
 * - `cross_slot`: the legs in different slots of one leader.
 * - `bundle`: legs and victim in one bundle, with a tip.
 * - `failing`: often goes wrong, see `Outcome`.
 */
export const attackerKinds = [
  "classic",
  "multi_victim",
  "split_legs",
  "wallet_rotation",
  "cross_slot",
  "bundle",
  "failing",
] as const;

export type AttackerKind = (typeof attackerKinds)[number];

export type AttackerMix = Readonly<Record<AttackerKind, number>>;

/** Legs in several slots of a leader are the most common now. */
export const defaultMix: AttackerMix = {
  classic: 0.22,
  multi_victim: 0.1,
  split_legs: 0.1,
  wallet_rotation: 0.1,
  cross_slot: 0.26,
  bundle: 0.08,
  failing: 0.14,
};

/**
 * What became of an attack.
 * - `completed`: every leg landed around a victim, and it earned, network fees not deducted.
 * - `front_reverted`: no front leg landed.
 * - `late`, `early`: the round trip landed after, before its target, around nobody.
 * - `victim_reverted`: the front legs moved the price so far that the target reverted: it lost its fees alone.
 * - `front_only`: the front legs landed, the back legs did not. The target got less.
 * - `unprofitable`: complete, but it lost. The target got less.
 */
export type Outcome =
  | "completed"
  | "front_reverted"
  | "late"
  | "early"
  | "victim_reverted"
  | "front_only"
  | "unprofitable";

/** What takes something from the target. */
const costly: ReadonlySet<Outcome> = new Set(["completed", "front_only", "unprofitable"]);

/** Share of the attacks of such a mix that cost their target something: the rest comes to nothing. */
export function costlyShare(mix: Partial<AttackerMix>): number {
  const weights = (of: readonly { readonly weight: number }[]): number =>
    of.reduce((sum, { weight }) => sum + weight, 0);
  const ofFailing =
    weights(failingOutcomes.filter(({ outcome }) => costly.has(outcome))) / weights(failingOutcomes);
  const all = attackerKinds.reduce((sum, kind) => sum + (mix[kind] ?? 0), 0);
  return all === 0 ? 0 : 1 - ((mix.failing ?? 0) / all) * (1 - ofFailing);
}

/** What a failing attacker's attacks come to. */
export const failingOutcomes: readonly { readonly outcome: Outcome; readonly weight: number }[] = [
  { outcome: "completed", weight: 0.32 },
  { outcome: "front_reverted", weight: 0.24 },
  { outcome: "late", weight: 0.15 },
  { outcome: "early", weight: 0.11 },
  { outcome: "victim_reverted", weight: 0.12 },
  { outcome: "front_only", weight: 0.03 },
  { outcome: "unprofitable", weight: 0.03 },
];
