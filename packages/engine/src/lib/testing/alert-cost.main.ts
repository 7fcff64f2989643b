/**
 * What alert rules cost, beside an engine without any, at the load of a busy desk. Both sides take turns in one process:
 * node --conditions=slipstream-source packages/engine/src/lib/testing/alert-cost.main.ts [SECONDS [SERIES]]
 *
 * It prints the CPU time that a second of traffic takes: without rules, with the shipped ones, and with 1,000 rules on 10,000 series.
 */
import { parseCondition, type Rule, shippedRules } from "@slipstream/alerts";
import { attribute, semconv, spanName } from "@slipstream/conventions";
import type { Span } from "@slipstream/otlp/decode";
import { child, resource, START_MS, tick, traces, trade } from "@slipstream/testing/engine/spans";
import { Engine } from "../engine.ts";
import type { EngineRecord } from "../model.ts";

const SECONDS = Number(process.argv[2] ?? 60);
/** Operations, each of which has four series. */
const OPERATIONS = Number(process.argv[3] ?? 10_000) / 4;
const RULES = 1_000;
/** 1,000 trades with nine calls each. */
const TRADES_A_SECOND = 1_000;
const CALLS = 9;
const desk = resource();

function ruleOn(i: number): Rule {
  const operation = `operation-${i % OPERATIONS}`;
  const parsed = parseCondition(`latency{operation="${operation}",quantile="0.99"} > 10 s`);
  const [shipped] = shippedRules();
  if (!("condition" in parsed) || shipped === undefined) throw new Error("there is no such condition");
  return { ...shipped, id: `rule-${i}`, when: parsed.condition };
}

/** A second of traffic in four records, as services send it that flush at different times. */
function second(at: number): EngineRecord[] {
  const beginMs = START_MS + at * 1_000;
  const records: EngineRecord[] = [];
  for (let quarter = 0; quarter < 4; quarter += 1) {
    const spans: Span[] = [];
    for (let i = 0; i < TRADES_A_SECOND / 4; i += 1) {
      const endMs = beginMs + 250 * quarter + i;
      const root = trade(endMs, { [attribute.tradePair]: `PAIR-${i % 30}` }, { resource: desk });
      for (let call = 0; call < CALLS; call += 1) {
        const number = at * TRADES_A_SECOND * CALLS + quarter * 250 * CALLS + i * CALLS + call;
        const own = call < 3;
        const name = own ? spanName.solanaRpc : `operation-${number % OPERATIONS}`;
        spans.push(
          child(root, name, endMs, { resource: desk, attributes: { [semconv.rpcMethod]: "getSlot" } }),
        );
      }
      spans.push(root);
    }
    records.push(traces(spans, beginMs + 250 * quarter + 250));
  }
  return records;
}

const options = { maxOperations: OPERATIONS };
const sides = {
  "no rules": [] as readonly Rule[],
  "shipped rules": shippedRules({ mevBudgetUsdPerHour: 100 }),
  [`${RULES} rules on ${4 * OPERATIONS} series`]: Array.from({ length: RULES }, (_, i) => ruleOn(i)),
};
const engines = Object.entries(sides).map(([name, rules]) => {
  const engine = new Engine(options);
  engine.apply({ receivedMs: START_MS, batch: { kind: "rules", rules } });
  return { name, engine, ms: [] as number[] };
});

for (let at = 0; at < SECONDS; at += 1) {
  const records = [...second(at), tick(START_MS + at * 1_000 + 1_000)];
  for (const { engine, ms } of engines.toSorted(() => (at % 2 === 0 ? 1 : -1))) {
    const from = process.threadCpuUsage();
    for (const record of records) engine.apply(record);
    const { user, system } = process.threadCpuUsage(from);
    ms.push((user + system) / 1_000);
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const [plain = 0] = engines.map(({ ms }) => mean(ms.slice(ms.length / 3)));
for (const { name, ms } of engines) {
  const own = mean(ms.slice(ms.length / 3));
  const more = plain === own ? "" : `, ${((100 * (own - plain)) / plain).toFixed(1)} % more`;
  process.stdout.write(`${name.padEnd(36)}${own.toFixed(2).padStart(8)} ms for a second${more}\n`);
}
