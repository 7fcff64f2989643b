import type { OpenAttack, Victim } from "../attackers/open-attack.ts";
import type { WorldTransaction } from "../chain/transaction.ts";
import type { ExpectedValue } from "../fees/expected-value.ts";
import type { BestBid } from "../fees/oracle.ts";
import type { Lookalike } from "../truth/lookalikes.ts";
import type { Decision } from "./decision.ts";
import type { WatchedTrade } from "./watched-trade.ts";

/** One of the desk's trades, from its quote to its end. */
export class OwnTrade implements WatchedTrade {
  readonly id: string;
  readonly decision: Decision;
  /** The desk's address: signer and owner. */
  readonly signer: string;
  readonly bundleId: string | undefined;
  /** Atoms. */
  readonly amountIn: bigint;
  readonly quotedOut: bigint;
  readonly minOut: bigint;
  readonly solUsd: number;
  /** The desk's expected gain from landing, before the first slot has passed, in USD. */
  readonly edgeUsd: number;
  /** The probability with which an attack was drawn; 0 if an attack would not pay off. */
  readonly attackChance: number;
  readonly expected: ExpectedValue;
  readonly best: BestBid;
  /** Undefined if it never landed. */
  transaction: WorldTransaction | undefined;
  /** Attacks between whose legs it landed. */
  readonly amid: { attack: OpenAttack; victim: Victim | undefined }[] = [];
  /** The attack that targeted it, landed or not. */
  hunted: OpenAttack | undefined;
  /**
   * Attacks with legs in its pool within a few slots, with the distance of the nearest and the farthest leg.
   */
  readonly beside: { attack: OpenAttack; slots: number; farthest: number }[] = [];
  lookalikes: readonly Lookalike[] = [];

  constructor(of: TradeDraft) {
    this.id = of.id;
    this.decision = of.decision;
    this.signer = of.signer;
    this.bundleId = of.bundleId;
    this.amountIn = of.amountIn;
    this.quotedOut = of.quotedOut;
    this.minOut = of.minOut;
    this.solUsd = of.solUsd;
    this.edgeUsd = of.edgeUsd;
    this.attackChance = of.attackChance;
    this.expected = of.expected;
    this.best = of.best;
  }

  get reverted(): boolean {
    return this.transaction?.failed === true;
  }

  /** Atoms; undefined if it returned nothing. */
  get actualOut(): bigint | undefined {
    return this.transaction?.swaps[0]?.amountOut;
  }
}

export type TradeDraft = Pick<
  OwnTrade,
  | "id"
  | "decision"
  | "signer"
  | "bundleId"
  | "amountIn"
  | "quotedOut"
  | "minOut"
  | "solUsd"
  | "edgeUsd"
  | "attackChance"
  | "expected"
  | "best"
>;
