import type { OpenAttack } from "../attackers/open-attack.ts";
import type { WorldTransaction } from "../chain/transaction.ts";
import type { WatchedTrade } from "../desk/watched-trade.ts";
import { evidenceOf } from "./attack.ts";
import type { TrueVerdict } from "./model.ts";

export interface Judgement {
  readonly verdict: TrueVerdict | null;
  readonly disputed: boolean;
  readonly reason: string;
  readonly attack: OpenAttack | undefined;
}

/** A leader's turn: legs farther away do not count. */
const AROUND_SLOTS = 3;

/** The verdict by the definitions in docs/mev-world.md, from what happened. */
export function judgeTrade(trade: WatchedTrade): Judgement {
  if (trade.transaction === undefined) return none(null, "it never landed");
  const completed = trade.amid.find(({ attack, victim }) => victim !== undefined && isCompleted(attack));
  if (completed !== undefined) {
    return { verdict: "impacted", disputed: false, reason: "victim of a sandwich", attack: completed.attack };
  }
  const costly =
    trade.amid.find(({ victim }) => victim !== undefined && victim.lossAtoms > 0n)?.attack ?? leftOpen(trade);
  if (costly !== undefined) {
    return {
      verdict: "clean",
      disputed: true,
      reason: `an attack failed but still cost it something: ${costly.outcome()}`,
      attack: costly,
    };
  }
  const failed = failedAttack(trade);
  if (failed !== undefined) {
    return {
      verdict: "avoided",
      disputed: false,
      reason: `an attack failed: ${failed.outcome()}`,
      attack: failed,
    };
  }
  const other = completedBeside(trade);
  if (other !== undefined) {
    const reason = "protected, while another trade of its pool was sandwiched";
    return { verdict: "avoided", disputed: false, reason, attack: other };
  }
  return none("clean", "");
}

/**
 * An attack whose front run was bought before the trade, in its direction, and never sold. The trade got a
 * worse price.
 */
function leftOpen({ transaction, reverted, decision, beside }: WatchedTrade): OpenAttack | undefined {
  if (transaction === undefined || reverted) return undefined;
  return beside.find(
    ({ attack, farthest }) =>
      farthest <= AROUND_SLOTS &&
      attack.outcome() === "front_only" &&
      attack.buy === decision.buy &&
      attack.fronts.every((front) => isBefore(front, transaction)),
  )?.attack;
}

function isBefore(a: WorldTransaction, b: WorldTransaction): boolean {
  return a.slot < b.slot || (a.slot === b.slot && a.txIndex < b.txIndex);
}

/**
 * A failed attack with evidence of intent, on this trade or around it in its pool, so that it could have been
 * the target.
 */
function failedAttack(trade: WatchedTrade): OpenAttack | undefined {
  const own = trade.amid.map(({ attack }) => attack);
  if (trade.hunted !== undefined) own.push(trade.hunted);
  const near = trade.beside.filter(({ farthest }) => farthest <= AROUND_SLOTS).map(({ attack }) => attack);
  return [...own, ...near.filter((attack) => couldMean(attack, trade))].find(
    (attack) => !isCompleted(attack) && evidenceOf(attack).length > 0,
  );
}

/**
 * For a protected trade: an attacker with evidence of intent attacked another trade, in slots that include
 * this one.
 */
function completedBeside({ decision, amid, beside, reverted }: WatchedTrade): OpenAttack | undefined {
  if (decision.protection === "none") return undefined;
  const near = beside.filter(({ slots }) => slots === 0).map(({ attack }) => attack);
  // It is between the legs but not a victim, because it reverted.
  return [...amid.map(({ attack }) => attack), ...near].find(
    (attack) =>
      isCompleted(attack) && couldMean(attack, { decision, reverted }) && evidenceOf(attack).length > 0,
  );
}

/**
 * Reverted legs and reverted trades do not show their direction. Otherwise the direction must be the trade's
 * own.
 */
function couldMean(
  attack: OpenAttack,
  { decision, reverted }: Pick<WatchedTrade, "decision" | "reverted">,
): boolean {
  return reverted || attack.reverted.length > 0 || attack.buy === decision.buy;
}

function isCompleted(attack: OpenAttack): boolean {
  return attack.outcome() === "completed";
}

function none(verdict: "clean" | null, reason: string): Judgement {
  return { verdict, disputed: false, reason, attack: undefined };
}
