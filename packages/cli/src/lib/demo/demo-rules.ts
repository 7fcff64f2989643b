import { type Rule, readRules, shippedRules, type UserRule } from "@slipstream/alerts";

/**
 * The shipped rules, with shorter times, so that a viewer of two minutes sees an alert fire, escalate and clear: the node is slow after 25 s,
 * for 18 s or more, and fails after 55 s. A simulated trade takes longer than a desk's should, so the threshold of its latency is higher.
 */
const changes: readonly UserRule[] = [
  { id: "node-latency-critical", when: "node_latency_p99[15s] > 200 ms", clearFor: "5s", suppress: "15s" },
  {
    id: "trade-latency-high",
    when: "trade_latency_p99[20s] > 500 ms",
    clearThreshold: "450 ms",
    minSamples: 20,
    for: 0,
    clearFor: "5s",
    suppress: "15s",
  },
  { id: "circuit-breaker-open", clearFor: "15s", suppress: "15s" },
  { id: "trade-failure-rate-critical", when: "failure_rate[20s] > 10 %", clearFor: "5s", suppress: "15s" },
  {
    id: "trade-failure-rate-high",
    when: "failure_rate[20s] > 5 %",
    for: "15s",
    clearFor: "5s",
    suppress: "15s",
  },
  {
    id: "mev-avoidance-low",
    impact:
      "This is true in the demo: its chain has sandwich attackers, and its desk protects only some of its trades",
  },
];

/** Said at the start of the demo. @param weather as given by the user */
export function demoRulesNotice(weather: string | undefined): string {
  const times =
    "Alerts have shorter times here: windows, pauses between notifications and waits of 5 to 20 s.";
  return weather === undefined ? `${times} The node is slow after 25 s and fails after 55 s.` : times;
}

/**
 * The rules of the demo, complete.
 * @param given those of a file that the user names, complete: what it adds or changes holds as it is there
 */
export function demoRules(given: readonly Rule[] = []): readonly Rule[] {
  const { rules, problems } = readRules(changes);
  if (problems.length > 0) throw new Error(`a rule of the demo is wrong: ${problems[0]?.message}`);
  const shipped = new Map(shippedRules().map((rule) => [rule.id, JSON.stringify(rule)]));
  const own = new Map(
    given.filter((rule) => shipped.get(rule.id) !== JSON.stringify(rule)).map((rule) => [rule.id, rule]),
  );
  const added = [...own.values()].filter(({ id }) => !shipped.has(id));
  return [...rules.map((rule) => own.get(rule.id) ?? rule), ...added];
}
