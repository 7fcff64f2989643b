import type { MevTrade, OwnVerdicts } from "@slipstream/engine";
import type { Explanation } from "@slipstream/mev";

type Verdicts = Pick<OwnVerdicts, "find" | "explain">;

/**
 * The explanation of a trade that waits for its final verdict, of what the engine holds: exactly what it is
 * judged on. undefined if no trade, or more than one, with this id or signature waits.
 */
export function explainWaiting(verdicts: Verdicts, trade: string): Explanation | undefined;
/** The same for a trade that is explained from elsewhere; what was given if it waits no longer. */
export function explainWaiting(verdicts: Verdicts, explanation: Explanation): Explanation;
export function explainWaiting(verdicts: Verdicts, given: string | Explanation): Explanation | undefined {
  const elsewhere = typeof given === "string" ? undefined : given;
  const [found, ...others] = verdicts.find(typeof given === "string" ? given : given.trade.id);
  const explanation = found === undefined || others.length > 0 ? undefined : verdicts.explain(found);
  if (found === undefined || explanation === undefined) return elsewhere;
  const { verdict, trade } = explanation;
  const facts = elsewhere?.trade ?? factsOf(trade, found);
  const { tips, tipsPaid, protection, protectionSource } = trade;
  return {
    ...explanation,
    trade: { ...facts, tips, tipsPaid, protection, protectionSource },
    verdict: { ...verdict, loss: withUsd(verdict.loss, found.sizeUsd) },
  };
}

function factsOf(trade: Explanation["trade"], { timeMs, pair, sizeUsd }: MevTrade): Explanation["trade"] {
  return { ...trade, time: new Date(timeMs).toISOString(), pair, sizeUsd };
}

function withUsd(
  loss: Explanation["verdict"]["loss"],
  sizeUsd: number | null,
): Explanation["verdict"]["loss"] {
  return loss === null || sizeUsd === null ? loss : { ...loss, usd: loss.ratio * sizeUsd };
}
