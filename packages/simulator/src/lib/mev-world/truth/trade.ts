import type { Schedule } from "../chain/slots.ts";
import { swapEvents } from "../chain/swap-events.ts";
import { priorityLamports } from "../chain/transaction.ts";
import { bidOf } from "../desk/decision.ts";
import type { OwnTrade } from "../desk/trade.ts";
import type { ExpectedValue } from "../fees/expected-value.ts";
import { sideOf } from "../pools/pool.ts";
import { mentionOf } from "./attack.ts";
import { lossOf } from "./loss.ts";
import type { MevTradeTruth, ValueTruth } from "./model.ts";
import { judgeTrade } from "./verdict.ts";

/** Everything about a trade whose surroundings are complete. */
export function tradeTruth(trade: OwnTrade, schedule: Schedule): MevTradeTruth {
  const { decision, transaction, expected, best } = trade;
  const { pool, protection, offer } = decision;
  const judgement = judgeTrade(trade);
  const loss = lossOf(trade);
  const priority = priorityLamports(offer);
  const bid = bidOf(protection, offer, priority);
  const slot = transaction?.slot ?? null;
  return {
    type: "trade",
    id: trade.id,
    signature: transaction?.signature ?? null,
    swap: (transaction && swapEvents(transaction, schedule)[0]?.id) ?? null,
    slot,
    leader: slot === null ? null : schedule.leaderOf(slot).identity,
    pair: pool.pair.name,
    pool: pool.address,
    protocol: pool.protocol,
    side: sideOf(decision.buy),
    sizeUsd: decision.sizeUsd,
    toleranceBps: decision.toleranceBps,
    urgency: decision.urgency,
    protection,
    policy: decision.policy,
    status: transaction === undefined ? "lost" : transaction.failed ? "reverted" : "landed",
    tries: transaction === undefined ? null : decision.tries,
    verdict: judgement.verdict,
    disputed: judgement.disputed,
    reason: judgement.reason,
    attack: judgement.attack === undefined ? null : mentionOf(judgement.attack),
    aimed: judgement.attack?.target === trade.id,
    nearby: nearby(trade),
    ...loss,
    lossUsd: loss.lossRatio * decision.sizeUsd,
    lookalikes: trade.lookalikes,
    priorityFeeLamports: priority,
    tipLamports: offer.tipLamports,
    congestion: decision.congestion,
    attackChance: trade.attackChance,
    expected: valueTruth(bid, expected),
    oracle: valueTruth(best.bidLamports, best),
  };
}

function nearby(trade: OwnTrade): MevTradeTruth["nearby"] {
  const amid = trade.amid.map(({ attack }) => attack);
  const hunted = trade.hunted === undefined || amid.includes(trade.hunted) ? [] : [trade.hunted];
  return [
    ...[...amid, ...hunted].map((attack) => ({ ...mentionOf(attack), slots: 0 })),
    ...trade.beside.map(({ attack, slots }) => ({ ...mentionOf(attack), slots })),
  ];
}

function valueTruth(bidLamports: number, { usd, landing, attack }: ExpectedValue): ValueTruth {
  return { bidLamports, usd, landing, attack };
}
