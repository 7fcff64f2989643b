import { aggregatorMetrics, serviceMetrics, spanName, tradeLabelMetrics } from "@slipstream/conventions";
import type { DashboardSpec } from "../build/dashboard.ts";
import { breakerStates } from "../build/mappings.ts";
import { ruleThreshold } from "../build/thresholds.ts";
import { units } from "../build/units.ts";
import { aggregator, dataSource, desk, pair, tablePrefix } from "../build/variables.ts";
import { days } from "../panels/days.ts";
import { stat } from "../panels/stat.ts";
import { stateTimeline } from "../panels/state-timeline.ts";
import { table } from "../panels/table.ts";
import { timeSeries } from "../panels/time-series.ts";
import { traces } from "../panels/traces.ts";
import { increase, perMinute, rate, SHOWN, share, sum, sumBy } from "../promql/functions.ts";
import { anyOf, ofDesk } from "../promql/series.ts";
import { perDay } from "../queries/history.ts";
import { newest, promql, rows } from "../queries/promql.ts";
import { traceql } from "../queries/traceql.ts";
import { failedTrades, slowTrades } from "../queries/trade-searches.ts";
import { NO_QUESTDB } from "./no-data.ts";
import { percentiles } from "./percentiles.ts";
import { overTimeWithInterval } from "./rate-with-interval.ts";

const trade = { operation: spanName.tradeExecute } as const;
const p99 = { quantile: "0.99" } as const;
const pairs = { pair: anyOf("pair") } as const;
const {
  latency,
  success,
  successSamples,
  pnl,
  tradeFailures,
  unknownStatus,
  breakerByService,
  positionsByService,
  mevAvoidance,
  mevAvoidanceSamples,
  alertState,
} = aggregatorMetrics;
const { trades, circuitBreakerState, openPositions, priorityFeesPaid } = serviceMetrics;
const byPair = tradeLabelMetrics.pair;

const tradeLatencyLimits = { warning: ruleThreshold("trade-latency-high") };
const successLimits = {
  badBelow: true,
  warning: 1 - ruleThreshold("trade-failure-rate-high"),
  critical: 1 - ruleThreshold("trade-failure-rate-critical"),
};

/** Is the desk trading, how fast, and does it earn? The home dashboard. */
export function trading(): DashboardSpec {
  return {
    uid: "slipstream-trading",
    title: "Slipstream: Trading overview",
    description: "Is the desk trading, how fast, how well, and what does it earn?",
    last: "1h",
    refresh: "10s",
    variables: [
      dataSource("metrics"),
      dataSource("traces"),
      dataSource("history"),
      aggregator(),
      desk(),
      pair(),
      tablePrefix(),
    ],
    rows: [
      {
        title: "Now",
        panels: [
          stat({
            title: "Trade latency P99",
            shows:
              "The latency that 99 % of the trades of the last five minutes stay below, from the decision until the network accepts the transaction. Exact to 0.5 %.",
            whenBad:
              "Open Latency: which step of a trade became slower, the quote, the node or the database? Then look at a slow trade's trace below.",
            noData: "No trade has ended in the last five minutes.",
            page: "alerts.md#shipped-rules",
            width: 4,
            unit: units.seconds,
            decimals: 1,
            limits: tradeLatencyLimits,
            queries: [newest(ofDesk(latency, { ...trade, ...p99 }), "P99")],
          }),
          stat({
            title: "Success rate",
            shows:
              "Share of the trades of the last minute that succeeded, and how many trades that is. Of a few trades one failed one is already many percent: the alert waits for 20.",
            whenBad:
              "Look at the reasons of failed trades: slippage, expired and rejected ones have different cures.",
            noData: "No trade has ended in the last minute.",
            page: "alerts.md#shipped-rules",
            width: 4,
            unit: units.ratio,
            decimals: 1,
            limits: successLimits,
            beside: { trades: units.trades },
            queries: [newest(ofDesk(success), "succeeded"), newest(ofDesk(successSamples), "trades")],
          }),
          stat({
            title: "Trades per minute",
            shows: "Trades that ended, by minute. Those whose outcome is not known are not in it.",
            whenBad:
              "If it fell to 0: is the breaker open, or is the service silent (Services and pipeline health)?",
            noData: "No trade has been counted yet, or Prometheus does not reach the aggregator.",
            page: "metrics.md",
            width: 3,
            unit: units.tradesPerMinute,
            decimals: 1,
            queries: [newest(perMinute(sum(rate(ofDesk(trades)))), "trades")],
          }),
          stat({
            title: "PnL since the log began",
            shows:
              "Sum of the profit and loss of all trades since the aggregator's log began. It is what the trades say of themselves (`trade.pnl_usd`).",
            whenBad: "See which strategy and which pair lose, and on the MEV dashboard what attackers took.",
            noData: "No trade has said what it earned.",
            page: "metrics.md",
            width: 3,
            unit: units.usd,
            decimals: 2,
            queries: [newest(ofDesk(pnl), "PnL")],
          }),
          stat({
            title: "Circuit breaker",
            shows: "The worst state that any service reported in the last minute.",
            whenBad:
              "Open: no trades are executed. Find out what opened it: the alerts, the failed trades and their reasons.",
            noData: "No service has reported a breaker in the last minute: it may have none, or be silent.",
            page: "alerts.md#shipped-rules",
            width: 3,
            mappings: breakerStates,
            queries: [newest(ofDesk(circuitBreakerState), "breaker")],
          }),
          stat({
            title: "Open positions",
            shows: "Positions that the services hold open, in all.",
            whenBad:
              "Positions that only grow: trades open and do not close. Look at the failed trades of the closing side.",
            noData: "No service has reported positions in the last minute.",
            page: "metrics.md",
            width: 2,
            unit: units.positions,
            queries: [newest(ofDesk(openPositions), "positions")],
          }),
          stat({
            title: "MEV avoidance, 24 h",
            shows:
              "Of the attacked trades of the last 24 hours, the share that lost nothing, and how many were attacked.",
            whenBad: "Open MEV: which pairs and sizes are attacked, and what protection would pay off.",
            noData: "No trade was attacked, or no chain is watched: MEV says which.",
            page: "mev.md#verdicts-on-the-desks-own-trades",
            width: 3,
            unit: units.ratio,
            decimals: 0,
            limits: { badBelow: true, warning: ruleThreshold("mev-avoidance-low") },
            beside: { attacked: units.trades },
            queries: [
              newest(ofDesk(mevAvoidance), "avoided"),
              newest(ofDesk(mevAvoidanceSamples), "attacked"),
            ],
          }),
          stat({
            title: "Alerts firing",
            shows: "Alerts of the aggregator that fire now.",
            whenBad: "Open Alerts: each says what to do.",
            noData: "Prometheus does not reach the aggregator: nothing is known of its alerts.",
            page: "alerts.md",
            width: 2,
            limits: { critical: 1 },
            queries: [newest(sum(ofDesk(alertState)), "firing")],
          }),
        ],
      },
      {
        title: "Latency and outcome",
        panels: [
          timeSeries({
            title: "Trade latency",
            shows:
              "Percentiles of the trades of the last five minutes, at each point. The dashed line is where the alert of P99 fires.",
            whenBad:
              "If all percentiles rise, a step that every trade has is slow: the node or Jupiter. If only P99 rises, single calls are: look at the slow trades.",
            noData: "A gap means that no trade ended in the five minutes before.",
            page: "alerts.md#shipped-rules",
            width: 12,
            unit: units.seconds,
            min: 0,
            limits: tradeLatencyLimits,
            queries: percentiles((quantile) => ofDesk(latency, { ...trade, quantile })),
          }),
          timeSeries({
            title: "Success rate over time",
            shows:
              "Share of the trades of the last minute that succeeded. The grey band is the 95 % interval: with few trades it is wide, and a low value may be chance.",
            whenBad:
              "If the whole band is below a line, it is not chance: look at the reasons of the failed trades.",
            noData: "A gap means that no trade ended in the minute before.",
            page: "alerts.md#shipped-rules",
            width: 12,
            unit: units.ratio,
            max: 1,
            limits: successLimits,
            ...overTimeWithInterval("success", "success", "trades"),
          }),
          timeSeries({
            title: "Trades by outcome",
            shows:
              "Trades per minute that succeeded and that failed. Failed: rejected, reverted, or the blockhash expired.",
            whenBad: "Red grows: see the reasons beside it. Both fall to 0: the breaker, or the service.",
            page: "attributes.md#the-status-of-a-trade",
            width: 8,
            unit: units.tradesPerMinute,
            min: 0,
            stacked: true,
            queries: [promql(perMinute(sumBy(["status"], rate(ofDesk(trades)))), "{{status}}")],
          }),
          timeSeries({
            title: "Failed trades by reason",
            shows:
              "Failed trades per minute by what the service says went wrong (`trade.failure_reason`). unknown: it does not say.",
            whenBad:
              "slippage: quotes are old, or sizes too large for the pool. expired: the node or the fee is too slow. rejected, simulation: see a failed trade's trace. insufficient_funds: top up.",
            page: "attributes.md",
            width: 8,
            unit: units.tradesPerMinute,
            min: 0,
            stacked: true,
            queries: [promql(perMinute(sumBy(["reason"], rate(ofDesk(tradeFailures)))), "{{reason}}")],
          }),
          timeSeries({
            title: "Trades of unknown outcome",
            shows:
              "Trades per minute whose `trade.status` is absent or another word than success and failed. They are in no rate.",
            whenBad:
              "The service does not set the status of its trades: mend it there, or the success rate speaks of the others only.",
            noData: "Every trade said how it ended, or Prometheus does not reach the aggregator.",
            page: "attributes.md#the-status-of-a-trade",
            width: 8,
            unit: units.tradesPerMinute,
            min: 0,
            queries: [promql(perMinute(sumBy(["service"], rate(ofDesk(unknownStatus)))), "{{service}}")],
          }),
        ],
      },
      {
        title: "Money",
        panels: [
          timeSeries({
            title: "PnL by strategy",
            shows:
              "Profit and loss since the log began, in all and by `trade.strategy`. The sum over strategies is the total.",
            whenBad:
              "A line that falls: what does that strategy trade, at which fees, and is it attacked (MEV)?",
            noData: "No trade has said what it earned.",
            page: "metrics.md#by-label-from-the-aggregator-only",
            width: 12,
            unit: units.usd,
            queries: [
              promql(ofDesk(pnl), "total"),
              promql(ofDesk(tradeLabelMetrics.strategy.pnl), "{{strategy}}"),
            ],
          }),
          timeSeries({
            title: "PnL by pair",
            shows: "Profit and loss since the log began, of the pairs chosen above.",
            whenBad: "A line that falls: see that pair's slippage, and its losses on the MEV dashboard.",
            noData: "No trade of these pairs has said what it earned.",
            page: "metrics.md#by-label-from-the-aggregator-only",
            width: 12,
            unit: units.usd,
            queries: [promql(ofDesk(byPair.pnl, pairs), "{{pair}}")],
          }),
          timeSeries({
            title: "Slippage accuracy",
            shows:
              "Share of the trades of the last minute whose output was within the tolerance of the quote, with its 95 % interval (grey).",
            whenBad: "Check the age of quotes, and trade sizes against the liquidity of the pools.",
            noData: "No trade of the last minute said both what was quoted and what came out.",
            page: "alerts.md#shipped-rules",
            width: 12,
            unit: units.ratio,
            max: 1,
            limits: { badBelow: true, warning: ruleThreshold("slippage-accuracy-low") },
            ...overTimeWithInterval("slippageAccuracy", "within tolerance", "trades"),
          }),
          timeSeries({
            title: "Priority fees paid",
            shows:
              "Priority fees per minute, in lamports (a billionth of a SOL), without base fees and tips. Failed trades pay them too.",
            whenBad: "Fees rise and the success rate does not: `slipstream mev advise` says what a fee buys.",
            noData: "No trade has said what it paid.",
            page: "mev.md#fee-advice",
            width: 12,
            unit: units.lamportsPerMinute,
            decimals: 0,
            min: 0,
            queries: [promql(perMinute(sum(rate(ofDesk(priorityFeesPaid)))), "priority fees")],
          }),
        ],
      },
      {
        title: "Pairs and services",
        panels: [
          table({
            title: "Pairs",
            shows:
              "The pairs chosen above: trades in the time shown, the share of them that succeeded, P99 of the last five minutes, and profit since the log began.",
            whenBad:
              "A pair that fails more often than others, or is slower: look at its trades with `slipstream history trades --pair`.",
            noData: "No trade of these pairs has ended in the time shown.",
            page: "metrics.md#by-label-from-the-aggregator-only",
            width: 12,
            queries: [
              rows(sumBy(["pair"], increase(ofDesk(byPair.trades, pairs), SHOWN))),
              rows(
                share(
                  sumBy(["pair"], increase(ofDesk(byPair.trades, { ...pairs, status: "success" }), SHOWN)),
                  sumBy(["pair"], increase(ofDesk(byPair.trades, pairs), SHOWN)),
                ),
              ),
              rows(sumBy(["pair"], ofDesk(byPair.latency, { ...pairs, ...p99 }))),
              rows(sumBy(["pair"], ofDesk(byPair.pnl, pairs))),
            ],
            columns: [
              { field: "pair", name: "Pair" },
              { field: "Value #A", name: "Trades", unit: units.trades, decimals: 0 },
              { field: "Value #B", name: "Succeeded", unit: units.ratio, decimals: 1 },
              { field: "Value #C", name: "P99", unit: units.seconds, decimals: 1 },
              { field: "Value #D", name: "PnL", unit: units.usd, decimals: 2 },
            ],
            largestFirst: "Trades",
          }),
          timeSeries({
            title: "Trade latency P99 by pair",
            shows:
              "P99 of the last five minutes of each pair. With fewer than 100 trades it is simply the slowest one.",
            whenBad:
              "One pair alone is slow: its route is longer, or its pool busier. All are: see the node.",
            noData: "No trade of these pairs has ended in the last five minutes.",
            page: "metrics.md#by-label-from-the-aggregator-only",
            width: 12,
            unit: units.seconds,
            min: 0,
            limits: tradeLatencyLimits,
            queries: [promql(ofDesk(byPair.latency, { ...pairs, ...p99 }), "{{pair}}")],
          }),
          stateTimeline({
            title: "Circuit breaker by service",
            shows: "State of each service's breaker. Where nothing is drawn, the service reported none.",
            whenBad: "Open: no trades of that service are executed. See what happened just before, above.",
            noData: "No service has reported a breaker.",
            page: "alerts.md#shipped-rules",
            width: 12,
            mappings: breakerStates,
            queries: [promql(ofDesk(breakerByService), "{{service}}")],
          }),
          timeSeries({
            title: "Open positions by service",
            shows: "Positions that each service holds open.",
            whenBad: "A line that only grows: trades open and do not close.",
            noData: "No service has reported positions.",
            page: "metrics.md",
            width: 12,
            height: 6,
            unit: units.positions,
            min: 0,
            queries: [promql(ofDesk(positionsByService), "{{service}}")],
          }),
        ],
      },
      {
        title: "Trades to look at",
        panels: [
          traces({
            title: "Slow trades",
            shows:
              "Trades that took longer than the alert's threshold allows, newest first. Open one to see which step took the time.",
            whenBad: "Compare the steps of two or three of them: what they have in common is the cause.",
            noData:
              "No trade was that slow, or the trace store has none: Services and pipeline health shows what the Collector sends to it.",
            page: "attributes.md#spans",
            width: 12,
            queries: [traceql(slowTrades)],
          }),
          traces({
            title: "Failed trades",
            shows: "Trades that were rejected, reverted or expired, newest first.",
            whenBad: "The failed step has the error's message. `trade.failure_reason` says which kind it is.",
            noData: "No trade failed, or the trace store has none.",
            page: "attributes.md#the-status-of-a-trade",
            width: 12,
            queries: [traceql(failedTrades)],
          }),
        ],
      },
      {
        title: "The last 90 days, from QuestDB",
        closed: true,
        panels: [
          days({
            title: "Trades of each day",
            shows:
              "Trades of each UTC day that succeeded, failed, or did not say how they ended. Trades from recorded blocks are not in it.",
            whenBad:
              "Days without bars: nothing traded, or nothing was written. `slipstream doctor` checks QuestDB.",
            noData: NO_QUESTDB,
            page: "history.md#trades_by_label",
            width: 8,
            unit: units.trades,
            min: 0,
            stacked: true,
            queries: [perDay.trades()],
          }),
          days({
            title: "PnL of each day",
            shows: "Profit and loss of each UTC day. A day on which no trade said what it earned has none.",
            whenBad: "Compare with the MEV dashboard: losses to sandwiches of the same days.",
            noData: "The aggregator has no QuestDB, or no trade said what it earned.",
            page: "history.md#trades_by_label",
            width: 8,
            unit: units.usd,
            queries: [perDay.pnl()],
          }),
          days({
            title: "Trade latency of each day",
            shows:
              "P99 of the minutes of each UTC day: that of the middle minute, and that of the worst one. (A P99 of the whole day cannot be made of them.)",
            whenBad:
              "The middle rises over weeks: something became slower for good. Only the worst does: single incidents.",
            noData: "The aggregator has no QuestDB.",
            page: "history.md#latency_percentiles",
            width: 8,
            unit: units.milliseconds,
            min: 0,
            queries: [perDay.latency(spanName.tradeExecute)],
          }),
        ],
      },
    ],
  };
}
