/**
 * How attackers work.
 * - `classic`: one leg before the victim and one after it, with one wallet.
 * - `multi_victim`: around several trades at once.
 * - `split_legs`: two or three legs per side.
 * - `wallet_rotation`: the back run uses another wallet, through a private program or with the same holder's
 *   token accounts.
 * - `cross_slot`: the legs are in different slots of one leader.
 * - `bundle`: legs and victim in one bundle, with a tip.
 * - `failing`: often goes wrong, see `Outcome`.
 * - `linked_wallets`: passes what it bought to another wallet, which sells it. Nothing else links the two.
 */
export const attackerKinds = [
  "classic",
  "multi_victim",
  "split_legs",
  "wallet_rotation",
  "cross_slot",
  "bundle",
  "failing",
  "linked_wallets",
] as const;

export type AttackerKind = (typeof attackerKinds)[number];

export type AttackerMix = Readonly<Record<AttackerKind, number>>;

/** Legs in several slots of one leader are currently the most common. */
export const defaultMix: AttackerMix = {
  classic: 0.22,
  multi_victim: 0.1,
  split_legs: 0.1,
  wallet_rotation: 0.1,
  cross_slot: 0.26,
  bundle: 0.08,
  failing: 0.14,
  linked_wallets: 0,
};

/**
 * The outcome of an attack.
 * - `completed`: every leg landed around a victim, with a profit before network fees.
 * - `front_reverted`: no front run landed.
 * - `late`, `early`: the round trip landed after or before its target, around nobody.
 * - `victim_reverted`: the front run moved the price so far that the target reverted. It lost only its fees.
 * - `front_only`: the front run landed, the back run did not. The target received less.
 * - `unprofitable`: complete, but at a loss. The target received less.
 */
export type Outcome =
  | "completed"
  | "front_reverted"
  | "late"
  | "early"
  | "victim_reverted"
  | "front_only"
  | "unprofitable";

/** Outcomes that cost the target something. */
const costly: ReadonlySet<Outcome> = new Set(["completed", "front_only", "unprofitable"]);

/** Share of the mix's attacks that cost their target something. */
export function costlyShare(mix: Partial<AttackerMix>): number {
  const weights = (of: readonly { readonly weight: number }[]): number =>
    of.reduce((sum, { weight }) => sum + weight, 0);
  const ofFailing =
    weights(failingOutcomes.filter(({ outcome }) => costly.has(outcome))) / weights(failingOutcomes);
  const all = attackerKinds.reduce((sum, kind) => sum + (mix[kind] ?? 0), 0);
  return all === 0 ? 0 : 1 - ((mix.failing ?? 0) / all) * (1 - ofFailing);
}

/** Outcomes of a failing attacker's attacks. */
export const failingOutcomes: readonly { readonly outcome: Outcome; readonly weight: number }[] = [
  { outcome: "completed", weight: 0.32 },
  { outcome: "front_reverted", weight: 0.24 },
  { outcome: "late", weight: 0.15 },
  { outcome: "early", weight: 0.11 },
  { outcome: "victim_reverted", weight: 0.12 },
  { outcome: "front_only", weight: 0.03 },
  { outcome: "unprofitable", weight: 0.03 },
];
