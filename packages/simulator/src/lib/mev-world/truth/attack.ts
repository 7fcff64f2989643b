import type { OpenAttack } from "../attackers/open-attack.ts";
import type { Schedule } from "../chain/slots.ts";
import { swapEvents } from "../chain/swap-events.ts";
import type { WorldTransaction } from "../chain/transaction.ts";
import type { AttackEvidence, AttackMention, AttackTruth } from "./model.ts";

/** Every transaction of an attack that is on the chain. */
export function legsOf({ fronts, backs, reverted }: OpenAttack): WorldTransaction[] {
  return [...fronts, ...backs, ...reverted];
}

export function slotsOf(attack: OpenAttack): { first: number; last: number } {
  const slots = legsOf(attack).map(({ slot }) => slot);
  return { first: Math.min(...slots), last: Math.max(...slots) };
}

/**
 * Evidence of intent besides the attempt itself. A reverted leg proves nothing if no other leg landed: it is
 * just a failed swap.
 */
export function evidenceOf(attack: OpenAttack): AttackEvidence[] {
  const { bundleId, repeated, reverted, fronts, backs } = attack;
  const evidence: AttackEvidence[] = [];
  if (bundleId !== undefined) evidence.push("bundle");
  if (repeated) evidence.push("repeated");
  if (reverted.length > 0 && fronts.length + backs.length > 0) evidence.push("reverted_leg");
  return evidence;
}

export function mentionOf(attack: OpenAttack): AttackMention {
  const { id, attacker } = attack;
  return { id, attacker: attacker.id, kind: attacker.kind, outcome: attack.outcome() };
}

export function attackTruth(attack: OpenAttack, schedule: Schedule): AttackTruth {
  const { pool, target, fronts, backs, reverted, victims, bundleId } = attack;
  const { first, last } = slotsOf(attack);
  const ids = (transactions: readonly WorldTransaction[]): string[] =>
    transactions.flatMap((transaction) => swapEvents(transaction, schedule).map(({ id }) => id));
  const landed = [...fronts, ...backs];
  const tips = landed.reduce((sum, { draft }) => sum + BigInt(draft.offer.tipLamports), 0n);
  return {
    type: "attack",
    ...mentionOf(attack),
    pool: pool.address,
    pair: pool.pair.name,
    target: target ?? null,
    fronts: ids(fronts),
    backs: ids(backs),
    reverted: reverted.map(({ signature }) => signature),
    victims: victims.map(({ swap, trade, lossAtoms }) => {
      return { swap, trade: trade ?? null, lossAtoms: String(lossAtoms) };
    }),
    firstSlot: first,
    lastSlot: last,
    sameLeader: schedule.leaderOf(first) === schedule.leaderOf(last),
    signers: [...new Set(legsOf(attack).map(({ draft }) => draft.signer))],
    bundleId: bundleId ?? null,
    tipLamports: String(tips),
    profitAtoms: String(attack.profit),
    evidence: evidenceOf(attack),
  };
}
