import type { OpenAttack } from "../attackers/open-attack.ts";
import type { OwnTrade } from "../desk/trade.ts";
import { evidenceOf } from "./attack.ts";
import type { TrueVerdict } from "./model.ts";

export interface Judgement {
  readonly verdict: TrueVerdict | null;
  readonly disputed: boolean;
  readonly reason: string;
  readonly attack: OpenAttack | undefined;
}

/** The verdict by the definitions of docs/mev-world.md, from what did happen. */
export function judgeTrade(trade: OwnTrade): Judgement {
  if (trade.transaction === undefined) return none(null, "it never landed");
  const completed = trade.amid.find(({ attack, victim }) => victim !== undefined && isCompleted(attack));
  if (completed !== undefined) {
    return { verdict: "impacted", disputed: false, reason: "victim of a sandwich", attack: completed.attack };
  }
  const failed = failedAttack(trade);
  if (failed !== undefined) {
    const lost = trade.amid.some(({ victim }) => victim !== undefined && victim.lossAtoms > 0n);
    return {
      verdict: "avoided",
      disputed: lost,
      reason: `the attack failed: ${failed.outcome()}`,
      attack: failed,
    };
  }
  if (trade.decision.protection !== "none") {
    const other = trade.beside.find(({ attack, slots }) => slots === 0 && evidenceOf(attack).length > 0);
    if (other !== undefined) {
      const reason = "protected, while an attacker was at work in its pool";
      return { verdict: "avoided", disputed: false, reason, attack: other.attack };
    }
  }
  return none("clean", "");
}

/** An attack that stood around it or was after it, came to nothing and shows its intent. */
function failedAttack({ amid, hunted }: OwnTrade): OpenAttack | undefined {
  const attacks = amid.map(({ attack }) => attack);
  if (hunted !== undefined) attacks.push(hunted);
  return attacks.find((attack) => !isCompleted(attack) && evidenceOf(attack).length > 0);
}

function isCompleted(attack: OpenAttack): boolean {
  return attack.outcome() === "completed";
}

function none(verdict: "clean" | null, reason: string): Judgement {
  return { verdict, disputed: false, reason, attack: undefined };
}
