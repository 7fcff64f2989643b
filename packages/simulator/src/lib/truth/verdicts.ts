import type { ChainVerdict } from "../stand-ins/chain-verdict.ts";
import type { TradeTruth, VerdictTruth } from "./model.ts";

/**
 * Maximum number of trades or verdicts waiting for their counterpart. For trades that never landed, there is
 * none.
 */
const MOST_WAITING = 4096;

/**
 * Combines what the desk knows about a trade with what the chain knows about its transaction, whichever comes
 * first.
 */
export class Verdicts {
  readonly #tell: (truth: VerdictTruth) => void;
  readonly #trades = new Map<string, TradeTruth>();
  readonly #verdicts = new Map<string, ChainVerdict>();

  constructor(tell: (truth: VerdictTruth) => void) {
    this.#tell = tell;
  }

  /** Reports that a trade has ended. */
  traded(trade: TradeTruth): void {
    const { signature } = trade;
    if (signature === null) return;
    const verdict = this.#verdicts.get(signature);
    if (verdict === undefined) keep(this.#trades, signature, trade);
    else this.#join(trade, verdict);
  }

  /** Reports that the surroundings of a transaction are complete. */
  judged(verdict: ChainVerdict): void {
    const trade = this.#trades.get(verdict.signature);
    if (trade === undefined) keep(this.#verdicts, verdict.signature, verdict);
    else this.#join(trade, verdict);
  }

  #join({ id, pair, protection, sizeUsd }: TradeTruth, verdict: ChainVerdict): void {
    this.#trades.delete(verdict.signature);
    this.#verdicts.delete(verdict.signature);
    const lossUsd = verdict.verdict === "impacted" ? verdict.lossRatio * sizeUsd : 0;
    this.#tell({ type: "verdict", id, pair, protection, ...verdict, lossUsd });
  }
}

function keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= MOST_WAITING) return;
    map.delete(oldest);
  }
}
