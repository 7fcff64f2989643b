import { completeRule } from "./complete-rule.ts";
import type { Rule } from "./rule.ts";
import type { UserRule } from "./user-rule.ts";

/** What the thresholds of shipped rules depend on. */
export interface RuleParameters {
  /** Dollars that attacks may cost in an hour. Without it the rules about the budget are off. */
  readonly mevBudgetUsdPerHour?: number | undefined;
}

/** A rule that Slipstream ships, in the form in which people write rules. */
export interface ShippedRule extends UserRule {
  /** Why these times and thresholds, for the documentation. */
  readonly why: string;
  /** Why it is off. */
  readonly off?: string;
}

/** Stands for the budget in rules that are off without one. */
const EXAMPLE_BUDGET = 100;

/** The shipped rules, critical ones first. */
export function shippedTable({ mevBudgetUsdPerHour }: RuleParameters = {}): readonly ShippedRule[] {
  const budget = mevBudgetUsdPerHour ?? EXAMPLE_BUDGET;
  const needsBudget = mevBudgetUsdPerHour === undefined && {
    off: `mevBudgetUsdPerHour is not set; $${EXAMPLE_BUDGET} is an example`,
  };
  return [
    {
      id: "node-latency-critical",
      severity: "critical",
      when: "node_latency_p99 > 200 ms",
      clearFor: "30s",
      clearThreshold: "180 ms",
      title: "High Node Latency Detected",
      message: "Solana node P99 latency is {value} (threshold: {threshold})",
      impact: "Circuit breaker may activate",
      action: "Check node health or switch to backup",
      why: "At once: five minutes of calls are behind the value, so one slow call moves nothing.",
    },
    {
      id: "circuit-breaker-open",
      severity: "critical",
      when: "circuit_breaker_state == open",
      clearFor: "10s",
      title: "Circuit Breaker Open",
      message: "The circuit breaker is {value}",
      impact: "No trades are executed",
      action: "Find out what opened it: see the other alerts, the failed trades and their reasons",
      why: "At once: the desk does not trade. A breaker that closes and opens again within 10 s is one alert.",
    },
    {
      id: "trade-failure-rate-critical",
      severity: "critical",
      when: "failure_rate > 10 %",
      clearFor: "30s",
      clearThreshold: "8 %",
      mutes: ["trade-failure-rate-high"],
      title: "High Trade Failure Rate",
      message: "{value} of trades failed in the last {window} (threshold: {threshold})",
      impact: "Trades are lost, and their fees are paid all the same",
      action:
        "Look at the reasons of failed trades: slippage, expired and rejected ones have different cures",
      why: "At once: with 20 trades or more, two failures of a quiet minute do not make it fire.",
    },
    {
      id: "database-connection-lost",
      severity: "critical",
      when: "dependency_up == down",
      for: "5s",
      clearFor: "10s",
      title: "Database Connection Lost",
      message: "A trading service does not reach {type}",
      impact: "What the service writes to {type} is delayed or lost",
      action: "Check {type} and the network between it and the trading service",
      why: "One alert for each of QuestDB, PostgreSQL and Redis. A client that connects again needs a second or two.",
    },
    {
      id: "mev-avoidance-low",
      severity: "warning",
      when: "mev_avoidance_rate < 80 %",
      clearFor: "1m",
      clearThreshold: "82 %",
      title: "Low MEV Avoidance Rate",
      message: "MEV avoidance rate dropped to {value} (target: {threshold}+)",
      detail: "Recent losses: {mev_loss_usd} over {mev_loss_usd.count} trades",
      recommendation: "Increase priority fees for large trades",
      why: "At once: a day of attacks, 20 at least, is behind the value. It clears above 82 %, for one attack can move it by whole percents.",
    },
    {
      id: "trade-failure-rate-high",
      severity: "warning",
      when: "failure_rate > 5 %",
      for: "30s",
      clearFor: "30s",
      clearThreshold: "4 %",
      title: "Elevated Trade Failure Rate",
      message: "{value} of trades failed in the last {window} (threshold: {threshold})",
      action: "Look at the reasons of failed trades",
      why: "Half the window: of 20 trades in a minute two failed ones are 10 %, which chance alone brings about. The critical rule mutes it.",
    },
    {
      id: "memory-high",
      severity: "warning",
      when: "memory_used > 80 %",
      for: "1m",
      clearFor: "1m",
      clearThreshold: "75 %",
      title: "High Memory Usage",
      message: "A process of {service} uses {value} of its memory (threshold: {threshold})",
      impact: "The process is killed when it reaches its limit",
      action: "Restart the process at a quiet time, or raise its limit",
      why: "Garbage collection brings peaks down within a minute; a leak stays.",
    },
    {
      id: "slippage-accuracy-low",
      severity: "warning",
      when: "slippage_accuracy < 70 %",
      for: "1m",
      clearFor: "1m",
      clearThreshold: "75 %",
      title: "Low Slippage Accuracy",
      message: "{value} of trades were within the slippage tolerance (threshold: {threshold})",
      impact: "Trades bring less than they were quoted",
      action: "Check the age of quotes, and trade sizes against the liquidity of the pools",
      why: "A whole window of rates, because a single large trade moves a quiet minute.",
    },
    {
      id: "trade-latency-high",
      severity: "warning",
      when: "trade_latency_p99 > 100 ms",
      for: "30s",
      clearFor: "30s",
      clearThreshold: "90 ms",
      title: "High Trade Latency",
      message: "Trade P99 latency is {value} (threshold: {threshold})",
      impact: "Trades reach the network later than others",
      action: "Look at the latency of each step of a trade: quote, simulate, sign, submit",
      why: "One burst of slow trades may pass by itself within half a minute.",
    },
    {
      id: "operation-latency-high",
      severity: "warning",
      when: 'latency{operation!~"trade\\.execute|solana\\.rpc|solana\\.confirm|other",quantile="0.99"} > 1 s',
      for: "1m",
      clearFor: "1m",
      clearThreshold: "900 ms",
      title: "Slow Operation",
      message: "{operation} P99 latency is {value} (threshold: {threshold})",
      action: "Look at traces of {operation}",
      why: 'One alert for each operation. Trades and calls of the node have rules of their own, and a confirmation takes as long as the chain needs. For one operation write a rule such as `latency{operation="db.write",quantile="0.99"} > 50 ms`.',
    },
    {
      id: "service-silent",
      severity: "warning",
      when: "service_silent_seconds > 3 min",
      suppress: "15m",
      title: "Service Gone Silent",
      message: "Nothing has come from {service} for {value}",
      impact: "Its trades are not seen, and other alerts about it are blind",
      action: "Check whether {service} runs, and whether it reaches the Collector or the aggregator",
      why: "Stock OpenTelemetry sends metrics once a minute: three times without any. A service that ends in an orderly way is not silent.",
    },
    {
      id: "completeness-low",
      severity: "warning",
      when: "completeness[15m] < 99 %",
      for: "1m",
      clearFor: "1m",
      minSamples: 100,
      suppress: "30m",
      title: "Spans Are Missing",
      message: "{value} of the spans of {service} arrived (threshold: {threshold})",
      detail: "Of those that ended in the last {window}",
      impact: "Statistics are computed from the spans that arrived",
      action: "Look for drops: the service's exporter, then the Collector, then the network",
      why: "A batch that is on its way is not lost: it has a minute to arrive. It clears a quarter of an hour after the last loss.",
    },
    {
      id: "sink-failing",
      severity: "warning",
      when: "sink_up == down",
      for: "30s",
      clearFor: "30s",
      title: "Sink Failing",
      message: "Writes to {sink} fail",
      impact: "Dashboards or history on {sink} stand still; nothing is lost while the log keeps it",
      action: "Check {sink}; the aggregator's log says why writes fail",
      why: "Shorter interruptions are made good by the retries.",
    },
    {
      id: "sink-behind",
      severity: "warning",
      when: "sink_lag_seconds > 60 s",
      for: "30s",
      clearFor: "30s",
      clearThreshold: "30 s",
      title: "Sink Is Behind",
      message: "{sink} is {value} behind the newest data (threshold: {threshold})",
      action: "Check the load of {sink}",
      why: "After a restart of the sink the backlog is written within seconds.",
    },
    {
      id: "verdicts-missing",
      severity: "warning",
      when: "mev_unknown_rate > 20 %",
      for: "5m",
      clearFor: "5m",
      clearThreshold: "15 %",
      suppress: "1h",
      title: "MEV Verdicts Are Missing",
      message: "The verdict of {value} of trades is unknown (threshold: {threshold})",
      impact: "MEV rates and losses hold for the other trades only",
      action: "`slipstream mev report` lists the reasons",
      why: "A day of trades is behind the value, so it moves slowly, and is sent once an hour.",
    },
    {
      id: "blocks-unreadable",
      severity: "warning",
      when: "blocks_readable == down",
      for: "1m",
      clearFor: "30s",
      title: "Blocks Cannot Be Read",
      message: "The node or the folder gives no blocks",
      impact: "Trades get no MEV verdicts",
      action: "Check the node's address and key, and its limit of requests; `slipstream doctor` tries it",
      why: "Verdicts come seconds after their trades anyway, and a node that is restarted or limits requests is back within a minute.",
    },
    {
      id: "mev-budget-fast",
      severity: "critical",
      when: `mev_loss_usd[5m] > $${rounded(budget / 2)}`,
      clearFor: "1m",
      mutes: ["mev-budget-hour"],
      title: "MEV Losses Burn the Budget",
      message: "Attacks cost {value} in 5 minutes (threshold: {threshold})",
      impact: "At this pace an hour costs six times its budget",
      action: "Protect or stop large trades of the pairs that lose most",
      ...needsBudget,
      why: "Half of an hour's budget within 5 minutes: six times the pace that the budget allows.",
    },
    {
      id: "mev-budget-hour",
      severity: "warning",
      when: `mev_loss_usd[1h] > $${rounded(budget)}`,
      clearFor: "5m",
      title: "MEV Losses Exceed the Budget",
      message: "Attacks cost {value} in an hour (budget: {threshold})",
      action: "`slipstream mev report` shows which pairs and sizes lose most",
      ...needsBudget,
      why: "The slow counterpart: losses that no five minutes show. The fast one mutes it.",
    },
    {
      id: "canary-lost",
      severity: "warning",
      when: "canary_up == down",
      for: "1m",
      clearFor: "10s",
      suppress: "1h",
      title: "Canary Lost",
      message: "A trade that tests the pipeline does not come to {part}",
      impact: "What is shown there is not what the desk does",
      action: "`slipstream doctor` says what to correct",
      why: "Only while `slipstream doctor --watch` runs: without it nobody looks for canaries, and there is no value.",
    },
    {
      id: "canary-slow",
      severity: "warning",
      when: "canary_seconds > 60 s",
      for: "1m",
      clearFor: "1m",
      clearThreshold: "45 s",
      suppress: "1h",
      title: "Canary Slow",
      message: "A trade that tests the pipeline takes {value} to {part} (threshold: {threshold})",
      impact: "What is shown there is that late",
      action: "Look for a queue: the Collector's, then the sinks' in `slipstream doctor`",
      why: "A scrape comes every 15 to 60 s, and rows reach QuestDB within 10 s. A value holds for 10 minutes.",
    },
    {
      id: "log-nearly-full",
      severity: "warning",
      when: "log_used > 90 %",
      for: "1m",
      clearFor: "5m",
      suppress: "1d",
      escalation: false,
      title: "Log Nearly Full",
      message: "The log has {value} of its largest size",
      impact: "Its oldest part is deleted before logKeepHours have passed",
      action: "Raise logMaxBytes, or lower logKeepHours",
      why: "A full log drops its oldest part and goes on, so once a day is enough, and it never escalates.",
    },
    {
      id: "disk-nearly-full",
      severity: "warning",
      when: "disk_free < 10 %",
      for: "1m",
      clearFor: "5m",
      clearThreshold: "12 %",
      suppress: "1h",
      title: "Disk Nearly Full",
      message: "{value} of the data folder's disk is free (threshold: {threshold})",
      impact: "On a full disk the aggregator takes no data",
      action: "Free some space, or lower logMaxBytes and historyDays",
      why: "It is sent once an hour, and is critical from the third hour on.",
    },
    {
      id: "daily-summary",
      severity: "info",
      when: "daily_summary",
      title: "Daily Performance Summary",
      message: "Performance on {key} (UTC)",
      why: "Once for each UTC day, with the figures of the day.",
    },
    {
      id: "benchmark-results",
      severity: "info",
      when: "benchmark_results",
      title: "Benchmark Results Available",
      message: "Benchmark results are available: {key}",
      why: "Once for each run of benchmarks. Nothing reports benchmarks yet.",
    },
  ];
}

/** The shipped rules, complete. */
export function shippedRules(parameters: RuleParameters = {}): readonly Rule[] {
  return shippedTable(parameters).map((shipped) => {
    const { rule } = completeRule(
      shipped.id,
      shipped as object as Record<string, unknown>,
      (path, { message }) => {
        throw new Error(`the shipped rule ${shipped.id} is wrong: ${path.join(".")}: ${message}`);
      },
    );
    if (rule === undefined) throw new Error(`the shipped rule ${shipped.id} is not complete`);
    return { ...rule, off: shipped.off ?? null, shipped: true };
  });
}

/** To cents, without an exponent. */
function rounded(usd: number): string {
  return String(Number(usd.toFixed(2)));
}
