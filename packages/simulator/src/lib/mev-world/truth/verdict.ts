import type { OpenAttack } from "../attackers/open-attack.ts";
import type { WatchedTrade } from "../desk/watched-trade.ts";
import { evidenceOf } from "./attack.ts";
import type { TrueVerdict } from "./model.ts";

export interface Judgement {
  readonly verdict: TrueVerdict | null;
  readonly disputed: boolean;
  readonly reason: string;
  readonly attack: OpenAttack | undefined;
}

/** A leader's turn: legs that are farther away are another matter. */
const AROUND_SLOTS = 3;

/** The verdict by the definitions of docs/mev-world.md, from what did happen. */
export function judgeTrade(trade: WatchedTrade): Judgement {
  if (trade.transaction === undefined) return none(null, "it never landed");
  const completed = trade.amid.find(({ attack, victim }) => victim !== undefined && isCompleted(attack));
  if (completed !== undefined) {
    return { verdict: "impacted", disputed: false, reason: "victim of a sandwich", attack: completed.attack };
  }
  const costly = trade.amid.find(({ victim }) => victim !== undefined && victim.lossAtoms > 0n)?.attack;
  if (costly !== undefined) {
    return {
      verdict: "clean",
      disputed: true,
      reason: `an attack failed at its cost: ${costly.outcome()}`,
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

/** An attack on it, or one around it in its pool that could have been on it, that came to nothing and shows its intent. */
function failedAttack(trade: WatchedTrade): OpenAttack | undefined {
  const own = trade.amid.map(({ attack }) => attack);
  if (trade.hunted !== undefined) own.push(trade.hunted);
  const near = trade.beside.filter(({ farthest }) => farthest <= AROUND_SLOTS).map(({ attack }) => attack);
  return [...own, ...near.filter((attack) => couldMean(attack, trade))].find(
    (attack) => !isCompleted(attack) && evidenceOf(attack).length > 0,
  );
}

/** Of a protected trade: an attacker whose intent shows was at work on another, in slots that hold this one. */
function completedBeside(trade: WatchedTrade): OpenAttack | undefined {
  if (trade.decision.protection === "none") return undefined;
  const isNear = ({ attack, slots }: WatchedTrade["beside"][number]): boolean =>
    slots === 0 && isCompleted(attack) && couldMean(attack, trade) && evidenceOf(attack).length > 0;
  return trade.beside.find(isNear)?.attack;
}

/** Legs that reverted do not show their direction, nor does a trade that reverted; else it is the trade's own. */
function couldMean(attack: OpenAttack, { decision, reverted }: WatchedTrade): boolean {
  return reverted || attack.reverted.length > 0 || attack.buy === decision.buy;
}

function isCompleted(attack: OpenAttack): boolean {
  return attack.outcome() === "completed";
}

function none(verdict: "clean" | null, reason: string): Judgement {
  return { verdict, disputed: false, reason, attack: undefined };
}
