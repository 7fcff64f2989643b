import type { Random } from "../../random.ts";
import { type Offer, passDraft, type TransactionDraft, type WorldTransaction } from "../chain/transaction.ts";
import type { Stage } from "../engine/stage.ts";
import { drawRouter } from "../noise/routers.ts";
import { tokenOut } from "../pools/pool.ts";
import type { Attacker } from "./attacker.ts";
import type { Outcome } from "./kinds.ts";
import { USES } from "./odds.ts";
import { OpenAttack } from "./open-attack.ts";
import { largestFront, type Prey, sizeFront } from "./sizing.ts";
import type { Target } from "./target.ts";

export interface AttackRunOptions {
  readonly stage: Stage;
  readonly random: Random;
  readonly id: string;
  readonly attacker: Attacker;
  readonly target: Target;
  readonly course: Outcome;
}

const COMPUTE_UNITS = 180_000;
/** Probability that what a linked wallet bought goes through a third one. */
const BY_THIRD = 0.25;
const HIGHEST_PRICE = 20_000_000;

/**
 * Executes an attack, leg by leg, as the blocks are built. Its size is chosen at its first leg, from the
 * state of the pool at that time.
 */
export class AttackRun {
  readonly #options: AttackRunOptions;
  readonly #signers: { readonly front: string; readonly back: string };
  readonly #bundleId: string | undefined;
  #attack: OpenAttack | undefined;
  #over = false;
  #frontLeft = 0n;

  constructor(options: AttackRunOptions) {
    this.#options = options;
    const bundled = options.attacker.kind === "bundle";
    this.#bundleId = bundled ? `bundle-${options.stage.names.address()}` : undefined;
    const { wallets, link } = options.attacker;
    const front = options.random.pick(wallets);
    const [first, ...rest] = wallets.filter((wallet) => wallet !== front);
    const back = link === "wallet" || first === undefined ? front : options.random.pick([first, ...rest]);
    this.#signers = { front, back };
  }

  /** @param left Number of remaining front legs, including this one. */
  front(left: number): void {
    if (this.#attack === undefined && !this.#over) this.#begin();
    const attack = this.#attack;
    if (attack === undefined) return;
    const amount = left === 1 ? this.#frontLeft : part(this.#frontLeft, left, this.#options.random);
    this.#frontLeft -= amount;
    const reverts = this.#options.course === "front_reverted";
    attack.addFront(this.#run(this.#signers.front, attack.buy, amount, reverts, false));
    if (left === 1 && this.#options.attacker.link === "transfer") this.#passOn(attack);
    if (reverts && this.#options.random.chance(0.6)) this.#close();
  }

  /** @param left Number of remaining back legs, including this one. */
  back(left: number): void {
    const attack = this.#attack;
    if (attack === undefined || this.#over) return;
    const held = attack.bought - attack.sold;
    const amount = left === 1 ? held : part(held, left, this.#options.random);
    const { course } = this.#options;
    // If nothing was bought, there is nothing to sell and the leg reverts.
    const reverts = course === "front_only" || held <= 0n;
    const adjacent = course === "early" || course === "late" || this.#bundleId !== undefined;
    attack.addBack(this.#run(this.#signers.back, !attack.buy, reverts ? 1n : amount, reverts, adjacent));
    if (left === 1) this.#close();
  }

  /** Others who trade in the target's direction, and whom the attack also encloses. */
  addVictims(count: number): void {
    const { stage, random, target } = this.#options;
    const { pool, buy } = target;
    for (let number = 0; number < count; number++) {
      const amount = (target.amountIn * BigInt(Math.round(random.between(300, 1000)))) / 1000n;
      stage.at(target.slot, target.key + random.between(0.001, 0.045), () => {
        if (this.#attack === undefined) return;
        const minOut = (pool.curve.quote(buy, amount) * 9n) / 10n;
        stage.run({
          signer: stage.names.address(),
          program: drawRouter(random),
          orders: [{ pool, buy, amount }],
          minOut,
          offer: { computeUnitLimit: 200_000, computeUnitPrice: 5000, tipLamports: 0 },
        });
      });
    }
  }

  /** Before the attacker can, somebody sells more than the attacker and the victim bought. */
  counter(): void {
    const attack = this.#attack;
    if (attack === undefined) return;
    const { stage, random, target } = this.#options;
    const amount = attack.bought * 2n + attack.pool.curve.quote(attack.buy, target.amountIn);
    stage.run({
      signer: stage.names.address(),
      program: drawRouter(random),
      orders: [{ pool: attack.pool, buy: !attack.buy, amount }],
      offer: { computeUnitLimit: 200_000, computeUnitPrice: 5000, tipLamports: 0 },
    });
  }

  /** What was bought goes to the wallet that sells it, sometimes by way of a third one. */
  #passOn({ pool, buy, bought }: OpenAttack): void {
    if (bought <= 0n) return;
    const { stage, random, attacker, id } = this.#options;
    const { front, back } = this.#signers;
    const third = attacker.wallets.find((wallet) => wallet !== front && wallet !== back);
    const stops = third !== undefined && random.chance(BY_THIRD) ? [front, third, back] : [front, back];
    for (const [number, from] of stops.slice(0, -1).entries()) {
      const to = stops[number + 1] ?? back;
      const pass = { token: tokenOut(pool, buy), from, to, amount: bought };
      stage.run({ ...passDraft(pass), legOf: id });
    }
  }

  #begin(): void {
    const { id, attacker, target, course } = this.#options;
    const { pool, buy, trade } = target;
    const amount = pool.shadow === undefined ? this.#size() : 0n;
    if (amount <= 0n) {
      this.#over = true;
      return;
    }
    const bundleId = this.#bundleId;
    // The bundle includes the victim.
    if (bundleId !== undefined) target.bundleId = bundleId;
    this.#frontLeft = amount;
    this.#attack = new OpenAttack({ id, attacker, pool, buy, bundleId, target: trade, course });
    pool.shadow = { attack: id, buy, curve: pool.curve.clone() };
    this.#options.stage.opened(this.#attack);
  }

  /** Input of the front run, in atoms; 0 if an attack would not pay off now. */
  #size(): bigint {
    const { random, target, course } = this.#options;
    const { curve } = target.pool;
    const depth = target.buy ? curve.depth.quote : curve.depth.base;
    const quoted = curve.quote(target.buy, target.amountIn);
    if (quoted <= target.minOut) return 0n;
    const room = 1 - Number(target.minOut) / Number(quoted);
    const prey: Prey = { share: Number(target.amountIn) / depth, fee: curve.fee, room };
    const sizing = sizeFront(prey, random.between(USES.least, USES.most));
    if (sizing.profit <= 0) return 0n;
    const front = course === "victim_reverted" ? largestFront(prey, room * 1.6 + 0.003) : sizing.front;
    return BigInt(Math.round(front * depth));
  }

  #run(signer: string, buy: boolean, amount: bigint, reverts: boolean, adjacent: boolean): WorldTransaction {
    const { stage, random, attacker, target } = this.#options;
    const draft: TransactionDraft = {
      signer,
      owner: attacker.holder,
      program: attacker.program ?? drawRouter(random),
      orders: [{ pool: target.pool, buy, amount }],
      offer: this.#offer(buy !== target.buy),
      bundleId: this.#bundleId,
      legOf: this.#options.id,
      reverts,
    };
    return stage.run(draft, undefined, adjacent);
  }

  /**
   * Bundles pay a tip with the last leg. Other attackers sometimes send their legs through the block engine
   * too.
   */
  #offer(last: boolean): Offer {
    const { random, attacker } = this.#options;
    const tips = last && (attacker.kind === "bundle" || random.chance(0.2));
    const price = Math.min(HIGHEST_PRICE, random.lognormal(attacker.computeUnitPrice, 1));
    return {
      computeUnitLimit: COMPUTE_UNITS,
      computeUnitPrice: Math.round(price),
      tipLamports: tips ? Math.max(1000, Math.round(random.lognormal(attacker.tipLamports, 0.8))) : 0,
    };
  }

  #close(): void {
    const attack = this.#attack;
    if (attack === undefined) return;
    this.#over = true;
    this.#attack = undefined;
    attack.pool.shadow = undefined;
    this.#options.stage.closed(attack);
  }
}

/** One of `left` uneven parts of an amount. */
function part(amount: bigint, left: number, random: Random): bigint {
  const share = random.between(0.7, 1.3) / left;
  return (amount * BigInt(Math.round(share * 1e6))) / 1_000_000n;
}
