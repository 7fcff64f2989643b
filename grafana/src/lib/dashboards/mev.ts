import { aggregatorMetrics, mevLabelMetrics, serviceMetrics, type TradeLabel } from "@slipstream/conventions";
import type { DashboardRow, DashboardSpec, PanelToPlace } from "../build/dashboard.ts";
import { watchedStates } from "../build/mappings.ts";
import { ruleThreshold } from "../build/thresholds.ts";
import { units } from "../build/units.ts";
import { aggregator, dataSource, desk, pair, tablePrefix } from "../build/variables.ts";
import { bars } from "../panels/bars.ts";
import { days } from "../panels/days.ts";
import { stat } from "../panels/stat.ts";
import { table } from "../panels/table.ts";
import { timeSeries } from "../panels/time-series.ts";
import { traces } from "../panels/traces.ts";
import { increase, onlyWhile, rate, share, sum, sumBy } from "../promql/functions.ts";
import { anyOf, type Matchers, ofAggregator, ofDesk } from "../promql/series.ts";
import { inTable, perDay } from "../queries/history.ts";
import { newest, promql, rows } from "../queries/promql.ts";
import { traceql } from "../queries/traceql.ts";
import { attackedTrades } from "../queries/trade-searches.ts";
import { NO_AGGREGATOR, NO_QUESTDB } from "./no-data.ts";
import { newestWithInterval, overTimeWithInterval } from "./rate-with-interval.ts";

const {
  mevUnknown,
  mevUnknownSamples,
  mevLoss,
  mevAttacksAvoided,
  mevAttacksImpacted,
  mevTrades,
  chainWatched,
} = aggregatorMetrics;

const avoidanceLimits = { badBelow: true, warning: ruleThreshold("mev-avoidance-low") };
const unknownLimits = { warning: ruleThreshold("verdicts-missing") };
const NO_CHAIN = "No chain is watched (`--rpc`), or no trade names its transaction (`solana.signature`).";
const VERDICTS = "mev.md#verdicts-on-the-desks-own-trades";
function whileWatched(expression: string): string {
  return onlyWhile(ofAggregator(chainWatched), expression);
}

const pairs = { pair: anyOf("pair") } as const;

/** What do attackers take, from which trades, and does protection pay? */
export function mev(): DashboardSpec {
  return {
    uid: "slipstream-mev",
    title: "Slipstream: MEV",
    description: "What do sandwich attacks cost, which trades do they hit, and does protection pay?",
    last: "6h",
    refresh: "30s",
    variables: [
      dataSource("metrics"),
      dataSource("traces"),
      dataSource("history"),
      aggregator(),
      desk(),
      pair(),
      tablePrefix(),
    ],
    rows: [now, overTime, coverage, whichTrades, protection, patterns, attacks, months],
  };
}

const now: DashboardRow = {
  title: "The last 24 hours (the MEV window)",
  panels: [
    stat({
      title: "Chain",
      shows:
        "Whether the aggregator reads blocks. Without them no trade gets a verdict, and 0 attacks means nothing.",
      whenBad:
        "Give the aggregator a node (`--rpc`). If it has one, `slipstream doctor` says why it cannot be read.",
      noData: NO_AGGREGATOR,
      page: "mev.md#live",
      width: 3,
      mappings: watchedStates,
      queries: [newest(ofAggregator(chainWatched), "chain")],
    }),
    stat({
      title: "Avoidance",
      shows:
        "Of the attacked trades, the share that lost nothing; its 95 % interval; and how many were attacked. With few attacks the interval is wide, and the rate may be chance.",
      whenBad:
        "If the upper bound is below the target, it is not chance: see which pairs and sizes are hit below, and what protection would pay off.",
      noData: `No trade was attacked in the last 24 hours, so the rate is unknown, not 0 and not 100 %. ${NO_CHAIN}`,
      page: VERDICTS,
      width: 5,
      unit: units.ratio,
      decimals: 1,
      limits: avoidanceLimits,
      ...newestWithInterval("mevAvoidance", "avoided", "attacked"),
    }),
    stat({
      title: "Attacked",
      shows:
        "Share of the trades with a verdict that were attacked (impacted or avoided); its 95 % interval; and how many trades that is a share of.",
      whenBad:
        "If it rises: has an attacker found your pools? See the attackers below, and trade smaller or protected there.",
      noData: NO_CHAIN,
      page: VERDICTS,
      width: 5,
      unit: units.ratio,
      decimals: 2,
      ...newestWithInterval("mevDetection", "attacked", "judged"),
    }),
    stat({
      title: "Lost to sandwiches",
      shows:
        "Money that impacted trades lost, over those whose loss could be computed, and how many these are.",
      whenBad:
        "See which pairs and sizes lose most. `slipstream mev report` says what to change, and `slipstream mev explain TRADE` shows one trade.",
      noData: `No impacted trade has a known loss. That is not the same as nothing lost. ${NO_CHAIN}`,
      page: "mev.md#loss",
      width: 4,
      unit: units.usd,
      decimals: 2,
      beside: { "trades with a known loss": units.trades },
      queries: [
        newest(ofDesk(mevLoss), "lost"),
        newest(sum(ofDesk(mevLabelMetrics.service.knownLosses)), "trades with a known loss"),
      ],
    }),
    stat({
      title: "Without a verdict",
      shows:
        "Share of the trades whose verdict is unknown, because something around them could not be read, and of how many trades.",
      whenBad:
        "Rates below speak of the other trades only. The reasons are listed below: blocks that are missing, or pools that cannot be decoded.",
      noData: NO_CHAIN,
      page: VERDICTS,
      width: 3,
      unit: units.ratio,
      decimals: 1,
      limits: unknownLimits,
      beside: { trades: units.trades },
      queries: [newest(ofDesk(mevUnknown), "unknown"), newest(ofDesk(mevUnknownSamples), "trades")],
    }),
    stat({
      title: "Return of higher fees",
      shows:
        "(Loss avoided + value of landing - extra fee) / extra fee, of trades with higher fees beside like ones with lower fees; its 95 % interval; and how many trades were compared. Above 0 the fees earn more than they cost. An interval that contains 0 says nothing yet.",
      whenBad:
        "If the upper bound is below 0, fees cost more than they bring: `slipstream mev advise` says what to pay.",
      noData:
        "Too few trades to say: 200 that can be compared, and 10 attacked ones with a known loss, are needed.",
      page: "mev.md#statistics",
      width: 4,
      unit: units.ratio,
      decimals: 0,
      ...newestWithInterval("mevFeeReturn", "return", "compared"),
    }),
  ],
};

const overTime: DashboardRow = {
  title: "Over time",
  panels: [
    timeSeries({
      title: "Avoidance and its interval",
      shows:
        "Of the attacked trades of the 24 hours before each point, the share that lost nothing. The grey band is the 95 % interval, the grey dashed line the number of attacked trades.",
      whenBad: "If the whole band is below the target, it is not chance.",
      noData: `A gap means that no trade was attacked in the 24 hours before. ${NO_CHAIN}`,
      page: VERDICTS,
      width: 12,
      unit: units.ratio,
      min: 0,
      max: 1,
      limits: avoidanceLimits,
      ...overTimeWithInterval("mevAvoidance", "avoidance", "attacked"),
    }),
    timeSeries({
      title: "Attacks in the hour before",
      shows:
        "Final verdicts of the hour before each point: trades that a sandwich hit, and trades whose attack cost nothing. It counts trades that have a verdict: see the coverage below before you trust a 0.",
      whenBad:
        "A burst: one attacker has found you. See the attacked trades below, and stop or protect that pair.",
      noData: NO_CHAIN,
      page: VERDICTS,
      width: 12,
      unit: units.trades,
      decimals: 1,
      min: 0,
      queries: [
        promql(whileWatched(increase(ofDesk(mevAttacksImpacted), "1h")), "impacted"),
        promql(whileWatched(increase(ofDesk(mevAttacksAvoided), "1h")), "avoided"),
      ],
    }),
    timeSeries({
      title: "Lost to sandwiches over time",
      shows:
        "Money lost in the 24 hours before each point, over the trades with a known loss. It falls when a loss is older than that.",
      whenBad: "A step up is a large loss: find the trade in the list of attacked trades.",
      noData: "No impacted trade has a known loss.",
      page: "mev.md#loss",
      width: 12,
      unit: units.usd,
      min: 0,
      queries: [promql(ofDesk(mevLoss), "lost")],
    }),
    timeSeries({
      title: "Attacked and its interval",
      shows:
        "Share of the trades with a verdict that were attacked in the 24 hours before each point, with the 95 % interval (grey).",
      whenBad:
        "It rises: more attackers, or trades that are worth more to attack. See sizes and pairs below.",
      noData: NO_CHAIN,
      page: VERDICTS,
      width: 12,
      unit: units.ratio,
      min: 0,
      ...overTimeWithInterval("mevDetection", "attacked", "judged"),
    }),
  ],
};

const coverage: DashboardRow = {
  title: "Coverage of verdicts: what the rates above rest on",
  panels: [
    timeSeries({
      title: "Verdicts of the last 24 hours",
      shows:
        "Trades of the 24 hours before each point by verdict. unknown: something around the trade could not be read.",
      whenBad:
        "Grey grows: blocks are missing, or a pool cannot be decoded. The reasons are listed beside it.",
      noData: NO_CHAIN,
      page: VERDICTS,
      width: 8,
      unit: units.trades,
      min: 0,
      stacked: true,
      queries: [promql(sumBy(["verdict"], ofDesk(mevLabelMetrics.service.verdicts)), "{{verdict}}")],
    }),
    timeSeries({
      title: "Provisional and final",
      shows:
        "Trades since the log began whose verdict may still change, and those whose verdict is final. Only final ones count in `mev_attacks_*`.",
      whenBad:
        "Yellow grows without end: the node does not report slots as finalized. `slipstream doctor` checks it.",
      noData: NO_CHAIN,
      page: "mev.md#live",
      width: 8,
      unit: units.trades,
      min: 0,
      queries: [promql(sumBy(["state"], ofDesk(mevTrades, pairs)), "{{state}}")],
    }),
    table({
      title: "Why verdicts are unknown",
      shows: "Reasons of unknown verdicts in the time shown, and how many trades each concerns.",
      whenBad:
        "Missing blocks: check the node and its limits. Programs that cannot be decoded: see the list of those that can.",
      noData: `No verdict of the time shown is unknown. ${NO_QUESTDB}`,
      page: "mev.md#swaps-of-a-block",
      width: 8,
      queries: [inTable.reasons()],
      columns: [
        { field: "reason", name: "Reason" },
        { field: "trades", name: "Trades", unit: units.trades },
        { field: "last", name: "Last" },
      ],
    }),
  ],
};

function lossBy(label: TradeLabel, by: string, matchers: Matchers = {}): PanelToPlace {
  return bars({
    title: `Lost by ${by}`,
    shows: `Money lost in the last 24 hours by ${by}, over the trades with a known loss. Their number is in the table beside it.`,
    whenBad: "The longest bar is where protection or smaller trades save most.",
    noData: "No impacted trade has a known loss.",
    page: "mev.md#loss",
    width: 8,
    unit: units.usd,
    decimals: 2,
    min: 0,
    queries: [newest(ofDesk(mevLabelMetrics[label].loss, matchers), `{{${label}}}`)],
  });
}

function verdictsBy(label: TradeLabel, name: string, matchers: Matchers = {}): PanelToPlace {
  const { verdicts, attacked, unknown, knownLosses, meanLoss } = mevLabelMetrics[label];
  const known = { ...matchers, verdict: { pattern: "impacted|avoided|clean" } };
  return table({
    title: `Verdicts by ${name.toLowerCase()}`,
    shows:
      "The last 24 hours: trades with a verdict, how many of them were attacked, which share that is, the share without a verdict, and the mean loss of an impacted trade with the number of losses behind it.",
    whenBad:
      "A high share of few trades says little: look at the number first. Then compare the mean loss with what protection costs.",
    noData: NO_CHAIN,
    page: "metrics.md#by-label-from-the-aggregator-only",
    width: 16,
    queries: [
      rows(sumBy([label], ofDesk(verdicts, known))),
      rows(sumBy([label], ofDesk(attacked, matchers))),
      rows(share(sumBy([label], ofDesk(attacked, matchers)), sumBy([label], ofDesk(verdicts, known)))),
      rows(sumBy([label], ofDesk(unknown, matchers))),
      rows(sumBy([label], ofDesk(meanLoss, matchers))),
      rows(sumBy([label], ofDesk(knownLosses, matchers))),
    ],
    columns: [
      { field: label, name },
      { field: "Value #A", name: "Judged", unit: units.trades },
      { field: "Value #B", name: "Attacked", unit: units.trades },
      { field: "Value #C", name: "Share attacked", unit: units.ratio, decimals: 2 },
      { field: "Value #D", name: "Without a verdict", unit: units.ratio, decimals: 1 },
      { field: "Value #E", name: "Mean loss", unit: units.usd, decimals: 2 },
      { field: "Value #F", name: "Known losses", unit: units.trades },
    ],
    largestFirst: "Attacked",
  });
}

const whichTrades: DashboardRow = {
  title: "Which trades",
  panels: [
    lossBy("pair", "pair", pairs),
    verdictsBy("pair", "Pair", pairs),
    lossBy("size", "size (USD)"),
    verdictsBy("size", "Size"),
    lossBy("strategy", "strategy"),
    verdictsBy("strategy", "Strategy"),
  ],
};

const protection: DashboardRow = {
  title: "Protection: what it costs and what it saves",
  panels: [
    lossBy("protection", "protection"),
    verdictsBy("protection", "Protection"),
    table({
      title: "Cost and loss by protection",
      shows:
        "Trades with a verdict in the time shown: the share attacked, money lost for each $1,000 traded, and fees and tips for each $1,000 (of the trades whose fee is known in dollars). It compares what happened: protections that are used for dangerous trades look worse than they are.",
      whenBad:
        "If a protection costs more for each $1,000 than unprotected trades lose, it may not pay off. `slipstream mev report` compares like with like, with an interval.",
      noData: `No trade of the time shown has a verdict. ${NO_QUESTDB}`,
      page: "mev.md#statistics",
      width: 16,
      queries: [inTable.protections()],
      columns: [
        { field: "protection", name: "Protection" },
        { field: "judged", name: "Judged", unit: units.trades },
        { field: "attacked", name: "Attacked", unit: units.trades },
        { field: "share", name: "Share attacked", unit: units.ratio, decimals: 2 },
        { field: "lost", name: "Lost", unit: units.usd, decimals: 2 },
        { field: "lost_per_1000", name: "Lost of $1,000", unit: units.usd, decimals: 3 },
        { field: "fees", name: "Fees and tips", unit: units.usd, decimals: 2 },
        { field: "fees_per_1000", name: "Fees of $1,000", unit: units.usd, decimals: 3 },
      ],
    }),
    timeSeries({
      title: "Return of higher fees over time",
      shows:
        "(Loss avoided + value of landing - extra fee) / extra fee at each point, with its 95 % interval (grey). While the band contains 0, nothing is proven.",
      whenBad: "The whole band is below 0: fees cost more than they bring.",
      noData:
        "Too few trades to say: 200 that can be compared, and 10 attacked ones with a known loss, are needed.",
      page: "mev.md#statistics",
      width: 8,
      unit: units.ratio,
      ...overTimeWithInterval("mevFeeReturn", "return"),
    }),
    lossBy("landing_service", "landing service"),
    verdictsBy("landing_service", "Landing service"),
    timeSeries({
      title: "Priority fees paid",
      shows: "Priority fees per hour, in lamports (a billionth of a SOL), without base fees and tips.",
      whenBad: "Fees rise and losses do not fall: `slipstream mev advise` says what a fee buys.",
      noData: "No trade has said what it paid.",
      page: "mev.md#fee-advice",
      width: 24,
      height: 6,
      unit: units.lamports,
      decimals: 0,
      min: 0,
      queries: [promql(`3600 * ${sum(rate(ofDesk(serviceMetrics.priorityFeesPaid)))}`, "lamports per hour")],
    }),
  ],
};

const patterns: DashboardRow = {
  title: "Patterns of the time shown, from QuestDB",
  panels: [
    table({
      title: "Attackers",
      shows:
        "Who took from the desk's trades: a signer, a program or a beneficiary. Losses are over the trades with a known loss, whose number stands beside them.",
      whenBad:
        "One attacker stands out: it follows your pools or your transactions. Change the route, the landing service, or the time.",
      noData: `No trade of the time shown was impacted. ${NO_QUESTDB}`,
      page: "mev.md#who-is-one-actor",
      width: 12,
      queries: [inTable.attackers()],
      columns: [
        { field: "attacker", name: "Attacker" },
        { field: "trades", name: "Impacted", unit: units.trades },
        { field: "known_losses", name: "Known losses", unit: units.trades },
        { field: "lost", name: "Lost", unit: units.usd, decimals: 2 },
        { field: "last", name: "Last" },
      ],
    }),
    table({
      title: "Hours of the day (UTC)",
      shows:
        "By hour of the day: trades with a verdict, how many of them were attacked, and what was lost. Choose a week or more above, or an hour is a few trades.",
      whenBad: "An hour with a higher share and many trades: trade less then, or protected.",
      noData: `No trade of the time shown has a verdict. ${NO_QUESTDB}`,
      page: "mev.md#reports",
      width: 12,
      queries: [inTable.hours()],
      columns: [
        { field: "hour", name: "Hour" },
        { field: "judged", name: "Judged", unit: units.trades },
        { field: "attacked", name: "Attacked", unit: units.trades },
        { field: "share", name: "Share attacked", unit: units.ratio, decimals: 2 },
        { field: "lost", name: "Lost", unit: units.usd, decimals: 2 },
      ],
    }),
  ],
};

const attacks: DashboardRow = {
  title: "Attacked trades",
  panels: [
    table({
      title: "Attacked trades",
      shows:
        "The newest attacked trades of the time shown, each with a link to its trace. A loss that is empty could not be computed: it is unknown, not 0.",
      whenBad: "`slipstream mev explain TRADE` shows one trade's verdict, and everything that it rests on.",
      noData: `No trade of the time shown was attacked. ${NO_QUESTDB}`,
      page: "mev.md#explaining-a-verdict",
      width: 16,
      height: 10,
      queries: [inTable.attacked()],
      columns: [
        { field: "time", name: "Time" },
        { field: "verdict", name: "Verdict" },
        { field: "state", name: "State" },
        { field: "pair", name: "Pair" },
        { field: "size_usd", name: "Size", unit: units.usd, decimals: 2 },
        { field: "loss_usd", name: "Lost", unit: units.usd, decimals: 2 },
        { field: "protection", name: "Protection" },
        { field: "attacker", name: "Attacker" },
        { field: "trade_id", name: "Trade" },
        { field: "trace_id", name: "Trace", traces: true },
      ],
    }),
    traces({
      title: "Traces of attacked trades",
      shows: "Verdicts on attacked trades, each in the trace of its trade, newest first.",
      whenBad: "See in the trace how long the transaction was under way: the longer, the easier to attack.",
      noData:
        "No trade was attacked, or the aggregator sends no verdicts to the trace store (`--traces-endpoint`).",
      page: VERDICTS,
      width: 8,
      height: 10,
      queries: [traceql(attackedTrades)],
    }),
  ],
};

const months: DashboardRow = {
  title: "The last 90 days, from QuestDB",
  closed: true,
  panels: [
    days({
      title: "Verdicts of each day",
      shows:
        "Trades of each UTC day that were impacted, that were attacked without a loss, and that have no verdict. Clean ones are left out: they would hide the others.",
      whenBad: "Grey days: the rates of that day speak of few trades.",
      noData: NO_QUESTDB,
      page: "history.md#mev_verdicts",
      width: 8,
      unit: units.trades,
      min: 0,
      stacked: true,
      queries: [perDay.verdicts()],
    }),
    days({
      title: "Lost on each day",
      shows:
        "Money lost to sandwiches on each UTC day, over the trades with a known loss. A day without a known loss has no value.",
      whenBad: "Compare with the day's PnL in Trading overview.",
      noData: NO_QUESTDB,
      page: "history.md#mev_verdicts",
      width: 8,
      unit: units.usd,
      min: 0,
      queries: [perDay.loss()],
    }),
    days({
      title: "Avoidance of each day",
      shows:
        "Of the attacked trades of each UTC day, the share that lost nothing, and their number (grey, dashed). A day without attacks has no value. Few attacks say little.",
      whenBad: "A step down that stays: what changed on that day?",
      noData: NO_QUESTDB,
      page: "history.md#mev_verdicts",
      width: 8,
      unit: units.ratio,
      min: 0,
      max: 1,
      limits: avoidanceLimits,
      right: { series: "attacked", unit: units.trades },
      queries: [perDay.avoidance()],
    }),
  ],
};
