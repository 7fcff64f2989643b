import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isShare, type RuleStatistic, ruleStatistics } from "./catalogue.ts";
import type { Condition } from "./condition.ts";
import type { ConditionProblem } from "./condition-grammar.ts";
import { conditionText, parseCondition } from "./read-condition.ts";
import { inUnit, unitsLike } from "./units.ts";

function read(text: string): Condition {
  const parsed = parseCondition(text);
  if ("condition" in parsed) return parsed.condition;
  throw new Error(`${text}: ${JSON.stringify(parsed.problems)}`);
}

function problems(text: string): readonly ConditionProblem[] {
  const parsed = parseCondition(text);
  return "problems" in parsed ? parsed.problems : [];
}

const value = fc.oneof(
  fc.string({ maxLength: 20, unit: "binary" }),
  fc.string({ maxLength: 8, unit: fc.constantFrom('"', "'", "\\", "a", "\n") }),
);

/** A matcher that is right for a statistic's label. */
function matcherOf([label, allowed]: readonly [string, readonly string[] | "open"]): fc.Arbitrary<
  Condition["labels"][number]
> {
  if (allowed !== "open") {
    const equal = fc.constantFrom(...allowed).map((one) => ({ label, operator: "=" as const, value: one }));
    return equal;
  }
  return fc.record({
    label: fc.constant(label),
    operator: fc.constantFrom("=" as const, "!=" as const),
    value,
  });
}

function thresholdOf(statistic: RuleStatistic): fc.Arbitrary<Pick<Condition, "operator" | "threshold">> {
  if (statistic.kind === "word") {
    return fc.record({
      operator: fc.constantFrom("==" as const, "!=" as const),
      threshold: fc.constantFrom(...statistic.words),
    });
  }
  const number = isShare(statistic)
    ? fc.double({ min: 0, max: 100, noNaN: true })
    : fc.double({ min: -1e12, max: 1e12, noNaN: true });
  return fc.record({
    operator: fc.constantFrom(">" as const, ">=" as const, "<" as const, "<=" as const),
    threshold: number.map((one) => Number(one.toPrecision(9))).map((one) => (Math.abs(one) < 1e-6 ? 0 : one)),
  });
}

const condition: fc.Arbitrary<Omit<Condition, "text">> = fc
  .constantFrom(...ruleStatistics)
  .chain((statistic) =>
    fc
      .record({
        labels: fc.tuple(...Object.entries(statistic.labels).map(matcherOf)),
        windowSeconds:
          statistic.longestWindow === null
            ? fc.constant(null)
            : fc.option(fc.integer({ min: 1, max: statistic.longestWindow / 5 }).map((panes) => 5 * panes)),
        compared: thresholdOf(statistic),
      })
      .map(({ labels, windowSeconds, compared }) => ({
        statistic: statistic.name,
        labels,
        windowSeconds,
        ...compared,
      })),
  );

describe("a condition", () => {
  it("has a statistic, labels, a window, a comparison and a threshold in the statistic's unit", () => {
    const text = ' latency { operation = "solana.rpc", quantile="0.99", } [5m] >= 0.08 s ';
    expect(read(text)).toEqual({
      text: text.trim(),
      statistic: "latency",
      labels: [
        { label: "operation", operator: "=", value: "solana.rpc" },
        { label: "quantile", operator: "=", value: "0.99" },
      ],
      windowSeconds: 300,
      operator: ">=",
      threshold: 80,
    });
  });

  it.each([
    ["node_latency_p99>200", 200],
    ["node_latency_p99 > 0.2 s", 200],
    ["node_latency_p99 > 200ms", 200],
    ["service_silent_seconds > 3 min", 180],
    ["failure_rate > 10 %", 10],
    ["failure_rate > 10", 10],
    ["failure_rate > 50 bps", 0.5],
    ["slippage_p99 > 1 %", 100],
    ["mev_loss_usd[1h] > $50", 50],
    ["mev_loss_usd > $1_000.50", 1_000.5],
    ["total_pnl_usd < -$100", -100],
    ["total_pnl_usd < $-100", -100],
    ["total_pnl_usd < -100 USD", -100],
    ["memory_usage_by_process > 80 MiB", 80 * 1_024 ** 2],
    ["trades_per_minute < 1/min", 1],
    ["trades_per_minute < 2 /s", 120],
    ["priority_fees_lamports > 0.5 SOL", 5e8],
    ["active_positions >= 1 position", 1],
    ["circuit_breaker_state != closed", "closed"],
    ['circuit_breaker_state == "half_open"', "half_open"],
  ])("%s compares with %j", (text, threshold) => {
    expect(read(text).threshold).toBe(threshold);
  });

  it("is the same after it was printed and read", () => {
    fc.assert(
      fc.property(condition, (fields) => {
        // A percentile must be chosen by "=", which the matchers of a closed label are.
        const printed = conditionText({ ...fields, text: "" });
        const { text, ...again } = read(printed);
        expect(text).toBe(printed);
        expect(again).toEqual(fields);
        expect(conditionText({ ...again, text })).toBe(printed);
      }),
    );
  });

  it("never throws, whatever it is, and says where it is wrong", () => {
    const pieces = fc.constantFrom(
      ..."latency node_latency_p99 { } [ ] ( ) \" ' \\ = == =~ != !~ > >= < , 5m 200 $ - % ms s 0.99 quantile service open \n".split(
        " ",
      ),
    );
    const near = fc.array(pieces, { maxLength: 20 }).map((list) => list.join(" "));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          near,
          near.map((text) => text.replaceAll(" ", "")),
        ),
        (text) => {
          const parsed = parseCondition(text);
          if ("condition" in parsed) return;
          expect(parsed.problems.length).toBeGreaterThan(0);
          for (const { column, message, allowed } of parsed.problems) {
            expect(column).toBeGreaterThanOrEqual(1);
            expect(column).toBeLessThanOrEqual(text.length + 1);
            expect(message).not.toBe("");
            expect(allowed).not.toBe("");
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("what is wrong in a condition", () => {
  it.each([
    ["", 1, "the name of a statistic is missing at the end", "a name such as node_latency_p99", undefined],
    [
      "node_latncy_p99 > 200 ms",
      1,
      "there is no statistic node_latncy_p99",
      expect.anything(),
      "node_latency_p99",
    ],
    [
      "nodelatency > 200 ms",
      1,
      "there is no statistic nodelatency",
      expect.stringContaining("docs/alerts.md"),
      undefined,
    ],
    ["failure_rate", 13, "a comparison is missing at the end", ">, >=, <, <=, ==, !=", undefined],
    ["failure_rate 10 %", 14, 'a comparison is missing before "10"', ">, >=, <, <=, ==, !=", undefined],
    ["failure_rate is high", 14, 'a comparison is missing before "is"', expect.anything(), undefined],
    ["failure_rate => 10 %", 14, '"=>" is not a comparison', expect.anything(), ">="],
    ["circuit_breaker_state = open", 23, '"=" is not a comparison', expect.anything(), "=="],
    [
      "failure_rate >",
      15,
      "the threshold is missing at the end",
      expect.stringContaining("a number"),
      undefined,
    ],
    [
      "failure_rate > high",
      16,
      'failure_rate is a number, and "high" is not',
      expect.stringContaining("%"),
      undefined,
    ],
    [
      "failure_rate == 10 %",
      14,
      '"==" compares words, and failure_rate is a number',
      ">, >=, <, <=",
      undefined,
    ],
    ["failure_rate > 0.1", 16, "0.1 can be read as 0.1 % and as 10 %", "a number with %", "10 %"],
    ["failure_rate > 110 %", 16, "failure_rate is never 110 %", "0 % to 100 %", undefined],
    [
      "failure_rate > 10 ms",
      19,
      "failure_rate is in %, and ms cannot be turned into that",
      "bps, %, or no unit",
      undefined,
    ],
    [
      "node_latency_p99 > 200 MS",
      24,
      expect.stringContaining("MS cannot be turned"),
      expect.anything(),
      "ms",
    ],
    ["mev_loss_usd > 1,000", 16, "1,000 has a comma", "digits, which underscores may group", "1_000"],
    ["mev_loss_usd > $5 ms", 19, "a number of dollars has no unit ms", "no unit", undefined],
    [
      "failure_rate > 10 % and x > 1",
      21,
      "something follows the threshold",
      expect.stringContaining("one comparison"),
      undefined,
    ],
    [
      "circuit_breaker_state == opne",
      26,
      'circuit_breaker_state is never "opne"',
      "closed, open, half_open",
      "open",
    ],
    [
      "circuit_breaker_state > open",
      23,
      expect.stringContaining('">" compares numbers'),
      "==, !=",
      undefined,
    ],
    ['failure_rate{pair="a"} > 10 %', 14, "failure_rate has no labels", "no {...}", undefined],
    ['success_rate_by_pair{piar="a"} < 90 %', 22, "success_rate_by_pair has no label piar", "pair", "pair"],
    ['dependency_up{type="redsi"} == down', 20, 'type is never "redsi"', "questdb, postgres, redis", "redis"],
    [
      "dependency_up{type=redis} == down",
      20,
      "the value redis is not in quotes",
      "a text in quotes",
      '"redis"',
    ],
    ['dependency_up{type=="redis"} == down', 19, '"==" does not compare labels', "=, !=, =~, !~", "="],
    [
      'dependency_up{type="redis == down',
      20,
      "the text that begins here has no end",
      'a " at its end',
      undefined,
    ],
    [
      'dependency_up{type="redis" == down',
      28,
      '"," or "}" is missing before "="',
      expect.anything(),
      undefined,
    ],
    [
      'sink_up{sink=~"("} == down',
      15,
      '"(" cannot be used: it is not a regular expression',
      expect.anything(),
      undefined,
    ],
    [
      'sink_up{sink=~"(a+)+"} == down',
      15,
      expect.stringContaining("it can take very long"),
      expect.anything(),
      undefined,
    ],
    [
      'latency{operation="x"} > 1 s',
      1,
      expect.stringContaining("none is chosen"),
      expect.stringContaining('quantile="0.99"'),
      undefined,
    ],
    ['latency{quantile="99"} > 1 s', 18, 'quantile is never "99"', "0.5, 0.95, 0.99, 0.999", "0.99"],
    [
      "node_latency_p99[7s] > 1 s",
      18,
      'the window "7s" cannot be used',
      "a multiple of 5s from 5s to 1h, such as 5m",
      undefined,
    ],
    ["node_latency_p99[2d] > 1 s", 18, 'the window "2d" cannot be used', expect.anything(), undefined],
    ["node_latency_p99[5m > 1 s", 26, '"]" is missing at the end', "a window such as [5m]", undefined],
    ["disk_free[5m] < 10 %", 11, "disk_free has no window that a rule can set", "no [...]", undefined],
  ])("%s", (text, column, message, allowed, suggestion) => {
    const [first] = problems(text);
    expect(first).toMatchObject({ column, message, allowed });
    expect(first?.suggestion).toEqual(suggestion);
  });

  it("is reported at once, as far as one mistake says nothing of the other", () => {
    const found = problems('success_rate_by_pair{piar="a",pair=~"["}[7s] < 0.9');
    expect(found.map(({ column }) => column)).toEqual([22, 37, 42, 48]);
    expect(problems("mev_loss_usd_by_pair{piar==SOL/USDC} => 1,000 ms").map(({ column }) => column)).toEqual([
      22, 26, 28, 38, 41, 47,
    ]);
  });

  it("is never mended into another number", () => {
    expect(problems("total_pnl_usd < -1.000,50").map(({ suggestion }) => suggestion)).toEqual([undefined]);
    expect(problems("total_pnl_usd < -1,5 usd").map(({ suggestion }) => suggestion)).toEqual([undefined]);
    expect(problems("total_pnl_usd < -$12,000.5").map(({ suggestion }) => suggestion)).toEqual([
      "-$12_000.5",
    ]);
  });

  it("may be its length", () => {
    expect(problems(`failure_rate > ${"1".repeat(1_000)}`)).toMatchObject([
      { allowed: "1000 characters at most" },
    ]);
  });
});

it("a number keeps its value in another unit and back", () => {
  const units = fc
    .constantFrom("ms", "%", "bytes", "usd", "lamports", "1/min", "bps")
    .chain((to) => fc.record({ to: fc.constant(to), from: fc.constantFrom(...unitsLike(to)) }));
  fc.assert(
    fc.property(units, fc.double({ min: 1e-3, max: 1e9, noNaN: true }), ({ from, to }, number) => {
      const there = inUnit(number, from, to) ?? Number.NaN;
      expect((inUnit(there, to, from) ?? Number.NaN) / number).toBeCloseTo(1, 9);
    }),
  );
});
