import type { MevTrade, OwnVerdicts } from "@slipstream/engine";
import type { ExplainedTrade, ExplainedVerdict, Explanation } from "@slipstream/mev";

type Verdicts = Pick<OwnVerdicts, "find" | "explain">;

/**
 * Explains a trade that waits for its final verdict, from what the engine holds: exactly what it is judged on.
 *
 * @param name its id or signature
 * @param facts the trade, if the history has it
 * @returns undefined if no trade of this name waits, or more than one
 */
export function explainWaiting(
  verdicts: Verdicts,
  name: string,
  facts?: ExplainedTrade,
): Explanation | undefined {
  const [found, ...others] = verdicts.find(name);
  const explanation = found === undefined || others.length > 0 ? undefined : verdicts.explain(found);
  if (found === undefined || explanation === undefined) return undefined;
  const { verdict, trade } = explanation;
  const { tips, tipsPaid, protection, protectionSource } = trade;
  return {
    ...explanation,
    trade: { ...(facts ?? factsOf(trade, found)), tips, tipsPaid, protection, protectionSource },
    verdict: { ...verdict, loss: withUsd(verdict.loss, found.sizeUsd) },
  };
}

function factsOf(trade: ExplainedTrade, { timeMs, pair, sizeUsd }: MevTrade): ExplainedTrade {
  return { ...trade, time: new Date(timeMs).toISOString(), pair, sizeUsd };
}

function withUsd(loss: ExplainedVerdict["loss"], sizeUsd: number | null): ExplainedVerdict["loss"] {
  return loss === null || sizeUsd === null ? loss : { ...loss, usd: loss.ratio * sizeUsd };
}
