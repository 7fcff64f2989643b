import type { Confidence, OwnTrade, SeenTips, Verdict, VerdictEvidence, VerdictKind } from "./model.ts";
import { tipEvidence } from "./seen-tips.ts";

export interface VerdictPlace {
  readonly slot: number | null;
  readonly leader: string | null;
  readonly pools: readonly string[];
  readonly isFinal: boolean;
  readonly tips: SeenTips | null;
}

/** Creates the verdict on one trade. */
export class VerdictMaker {
  readonly #trade: OwnTrade;
  readonly #place: VerdictPlace;

  constructor(trade: OwnTrade, place: VerdictPlace) {
    this.#trade = trade;
    this.#place = place;
  }

  of(
    verdict: VerdictKind,
    confidence: Confidence,
    evidence: readonly VerdictEvidence[],
    attackers: readonly string[] = [],
  ): Verdict {
    const { id: tradeId, signature, slot: told } = this.#trade;
    const { slot, leader, pools, isFinal, tips } = this.#place;
    const moved: VerdictEvidence[] =
      told === null || slot === null || told === slot
        ? []
        : [{ kind: "moved", detail: `the trade named slot ${told}` }];
    return {
      tradeId,
      signature,
      slot,
      verdict,
      state: isFinal ? "final" : "provisional",
      confidence,
      loss: null,
      evidence: [...evidence, ...moved, ...tipEvidence(this.#trade.named, tips)],
      attackers,
      pools,
      leader,
      tips,
    };
  }

  unknown(reason: string): Verdict {
    return { ...this.of("unknown", "low", []), reason };
  }
}
