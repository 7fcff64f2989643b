import type { Random } from "../../random.ts";
import type { Attacker } from "../attackers/attacker.ts";
import { attackerKinds } from "../attackers/kinds.ts";
import { launch } from "../attackers/launch.ts";
import { type AttackOdds, attackChance } from "../attackers/odds.ts";
import type { Target } from "../attackers/target.ts";
import { drawWeighted, nonEmpty } from "../weighted.ts";
import type { SceneSetting } from "./setting.ts";
import type { Stage } from "./stage.ts";
import { exposureOfTarget } from "./threats.ts";

/** Slippage tolerance that attackers assume for strangers, in basis points. */
const USUAL_TOLERANCE = 100;
/** How much more often others are attacked than the desk. */
const OTHERS_FACTOR = 1.5;

/** Decides which attackers go after which transactions. */
export class Hunt {
  readonly #setting: SceneSetting;
  readonly #stage: Stage;
  readonly #odds: AttackOdds;
  readonly #random: Random;
  readonly #kinds: readonly [
    { attackers: readonly [Attacker, ...Attacker[]]; weight: number },
    ...{ attackers: readonly [Attacker, ...Attacker[]]; weight: number }[],
  ];
  #count = 0;

  constructor(setting: SceneSetting, stage: Stage, odds: AttackOdds) {
    this.#setting = setting;
    this.#stage = stage;
    this.#odds = odds;
    this.#random = setting.random.fork("hunt");
    const { attackers } = setting.settings;
    this.#kinds = nonEmpty(
      attackerKinds.map((kind) => ({
        attackers: nonEmpty(setting.attackers.filter((attacker) => attacker.kind === kind)),
        weight: attackers[kind] ?? 0,
      })),
    );
  }

  /** @param chance Probability of an attack. @returns Whether an attacker goes after the target. */
  consider(target: Target, chance: number): boolean {
    if (!this.#random.chance(chance)) return false;
    const attacker = this.#random.pick(drawWeighted(this.#kinds, this.#random).attackers);
    const id = `attack-${this.#count + 1}`;
    if (!launch(this.#stage, this.#random, id, attacker, target)) return false;
    this.#count++;
    return true;
  }

  /** The same for a stranger's transaction. */
  considerStranger(target: Target): void {
    const exposure = exposureOfTarget(target, this.#setting.schedule, {
      toleranceBps: USUAL_TOLERANCE,
      protection: "none",
    });
    const perSlot = this.#odds.perSlot(exposure);
    this.consider(target, attackChance(perSlot, OTHERS_FACTOR));
  }
}
