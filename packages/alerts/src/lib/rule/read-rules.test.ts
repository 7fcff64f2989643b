import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { problemText } from "./problem.ts";
import { readRules } from "./read-rules.ts";
import type { Rule } from "./rule.ts";
import { decodeRules, encodeRules } from "./rule-json.ts";
import { shippedRules } from "./shipped.ts";

/** The rule of an id, of rules without mistakes. */
function rule(id: string, user: unknown, mevBudgetUsdPerHour?: number): Rule {
  const { rules, problems } = readRules(user, { mevBudgetUsdPerHour });
  expect(problems.map(problemText)).toEqual([]);
  const found = rules.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no rule ${id}`);
  return found;
}

function problemsOf(user: unknown): readonly string[] {
  return readRules(user).problems.map(problemText);
}

/** The problems of a new rule that is right but for these fields. */
function wrong(fields: object): readonly string[] {
  return problemsOf([{ id: "mine", severity: "warning", when: "failure_rate > 10 %", ...fields }]);
}

const quotes = {
  id: "slow-quotes",
  severity: "warning",
  when: 'latency{operation="jupiter.quote",quantile="0.99"} > 100 ms',
};

describe("rules of a user", () => {
  it("may be none: then the shipped ones hold", () => {
    for (const none of [undefined, null, [], {}, { rules: [] }, { rules: null }]) {
      expect(readRules(none)).toEqual({ rules: shippedRules(), problems: [] });
    }
  });

  it("need an id, a severity and a condition; the rest has defaults", () => {
    expect(rule("slow-quotes", [quotes])).toEqual({
      id: "slow-quotes",
      severity: "warning",
      off: null,
      when: {
        text: quotes.when,
        statistic: "latency",
        labels: [
          { label: "operation", operator: "=", value: "jupiter.quote" },
          { label: "quantile", operator: "=", value: "0.99" },
        ],
        windowSeconds: null,
        operator: ">",
        threshold: 100,
      },
      forSeconds: 0,
      clearForSeconds: 0,
      clearThreshold: null,
      minSamples: 100,
      suppressSeconds: 300,
      escalation: { after: 3, severity: "critical", channels: [] },
      mutes: [],
      title: "Slow quotes",
      message: "latency of {operation} is {value} (threshold: {threshold})",
      detail: null,
      impact: null,
      action: null,
      recommendation: null,
      runbook: null,
      labels: {},
      shipped: false,
    });
  });

  it("come after the shipped ones, as a list or as the rules of an object", () => {
    const expected = [...shippedRules().map(({ id }) => id), "slow-quotes"];
    for (const user of [[quotes], { rules: [quotes] }]) {
      expect(readRules(user).rules.map(({ id }) => id)).toEqual(expected);
    }
  });

  it("have times as text or as seconds, and thresholds with units", () => {
    const times = { for: "1m30s", clearFor: 45, suppress: "1h", clearThreshold: "0.09 s", minSamples: 7 };
    expect(rule("slow-quotes", [{ ...quotes, ...times }])).toMatchObject({
      forSeconds: 90,
      clearForSeconds: 45,
      suppressSeconds: 3_600,
      clearThreshold: 90,
      minSamples: 7,
    });
  });

  it("escalate as they say, or not at all", () => {
    const escalation = (severity: string, value?: unknown): unknown =>
      rule("slow-quotes", [{ ...quotes, severity, ...(value !== undefined && { escalation: value }) }])
        .escalation;
    expect(escalation("info")).toEqual({ after: 3, severity: "warning", channels: [] });
    expect(escalation("warning", { after: 5 })).toEqual({ after: 5, severity: "critical", channels: [] });
    expect(escalation("info", { severity: "critical", channels: ["pager"] })).toEqual({
      after: 3,
      severity: "critical",
      channels: ["pager"],
    });
    expect(escalation("warning", false)).toEqual({ after: null, severity: "warning", channels: [] });
    expect(escalation("critical")).toMatchObject({ after: null });
    expect(escalation("critical", { channels: ["pager"] })).toMatchObject({ after: 3, severity: "critical" });
  });

  it("mute others, and have labels of their own", () => {
    const more = {
      mutes: ["trade-latency-high", { rule: "operation-latency-high", equal: ["operation", "desk"] }],
      labels: { team: "trading" },
      message: "{operation} of {team}: {value}, lost {mev_loss_usd} in {mev_loss_usd.count} trades",
    };
    expect(rule("slow-quotes", [{ ...quotes, ...more }])).toMatchObject({
      mutes: [
        { rule: "trade-latency-high", equal: [] },
        { rule: "operation-latency-high", equal: ["operation", "desk"] },
      ],
      labels: { team: "trading" },
    });
  });

  it("may be about something that happens", () => {
    expect(rule("mine", [{ id: "mine", severity: "info", when: "daily_summary" }])).toMatchObject({
      when: "daily_summary",
      minSamples: 0,
      message: "Performance on {key} (UTC)",
    });
  });

  it("are the same after they were saved and read", () => {
    const { rules } = readRules([quotes, { id: "memory-high", enabled: false }], { mevBudgetUsdPerHour: 5 });
    expect(decodeRules(encodeRules(rules))).toEqual(rules);
  });
});

describe("a shipped rule", () => {
  const shipped = (id: string): Rule | undefined => shippedRules().find((one) => one.id === id);

  it("is changed by its id, in the given fields alone, and keeps its place", () => {
    const { rules, problems } = readRules([{ id: "node-latency-critical", for: "10s", impact: null }]);
    expect(problems).toEqual([]);
    expect(rules[0]).toEqual({ ...shipped("node-latency-critical"), forSeconds: 10, impact: null });
  });

  it("is switched off", () => {
    expect(rule("memory-high", [{ id: "memory-high", enabled: false }])).toEqual({
      ...shipped("memory-high"),
      off: "enabled: false",
    });
    expect(rule("memory-high", [{ id: "memory-high", enabled: true }])).toEqual(shipped("memory-high"));
  });

  it("loses its hysteresis with its threshold, and what it says with its statistic", () => {
    const stricter = rule("node-latency-critical", [
      { id: "node-latency-critical", when: "node_latency_p99 > 50 ms" },
    ]);
    expect(stricter).toMatchObject({
      clearThreshold: null,
      clearForSeconds: 30,
      title: "High Node Latency Detected",
    });
    const completeness = rule("completeness-low", [{ id: "completeness-low", when: "completeness < 95 %" }]);
    expect(completeness.minSamples).toBe(100);
    const other = rule("database-connection-lost", [
      { id: "database-connection-lost", when: "sink_up == down" },
    ]);
    expect(other).toMatchObject({ title: "Database connection lost", impact: null, forSeconds: 0 });
    const summary = rule("memory-high", [{ id: "memory-high", when: "daily_summary" }]);
    expect(summary).toMatchObject({
      forSeconds: 0,
      clearForSeconds: 0,
      message: "Performance on {key} (UTC)",
    });
  });

  it("that needs a budget holds with one, or with a threshold of its own", () => {
    expect(rule("mev-budget-hour", [], 40)).toMatchObject({ off: null, when: { threshold: 40 } });
    const own = [{ id: "mev-budget-hour", when: "mev_loss_usd[1h] > $7" }];
    expect(rule("mev-budget-hour", own)).toMatchObject({ off: null, when: { threshold: 7 } });
    expect(rule("mev-budget-hour", [{ id: "mev-budget-hour", for: "1m" }]).off).toContain(
      "mevBudgetUsdPerHour",
    );
    expect(problemsOf([{ id: "mev-budget-hour", enabled: true }])).toEqual([
      "rules[0].enabled: mev-budget-hour has no threshold: mevBudgetUsdPerHour is not set; $100 is an example; allowed: mevBudgetUsdPerHour set, or when with a threshold",
    ]);
  });
});

describe("a mistake is reported with its place, what is allowed and what was meant", () => {
  it.each<[object, string]>([
    [
      { id: "Slow Quotes!" },
      'rules[0].id: "Slow Quotes!" is not an id; did you mean slow-quotes? allowed: lower-case words and numbers joined by hyphens, such as slow-quotes, 64 characters at most',
    ],
    [{ id: 7 }, "rules[0].id: 7 is not an id; allowed: lower-case"],
    [
      { severity: "critcal" },
      'rules[0].severity: "critcal" cannot be used; did you mean critical? allowed: info, warning, critical',
    ],
    [{ severity: null }, "rules[0].severity: null cannot be used; allowed: info"],
    [
      { when: 7 },
      'rules[0].when: 7 is not a condition; allowed: a condition such as "node_latency_p99 > 200 ms", or daily_summary or benchmark_results',
    ],
    [
      { when: "daily_sumary" },
      'rules[0].when: "daily_sumary" is not a condition; did you mean daily_summary?',
    ],
    [
      { when: "failure_rat > 10 %" },
      "rules[0].when, column 1: there is no statistic failure_rat; did you mean failure_rate?",
    ],
    [
      { when: "failure_rate > 10 ms" },
      "rules[0].when, column 19: failure_rate is in %, and ms cannot be turned into that; allowed: bps, %, or no unit",
    ],
    [{ enabled: "no" }, 'rules[0].enabled: "no" cannot be used; did you mean false? allowed: true, false'],
    [
      { for: "5 minutes" },
      'rules[0].for: "5 minutes" is not a time from 0s to 1d; did you mean 5m? allowed: a number of seconds, or a text such as "90s", "5m" or "1h30m", from 0s to 1d',
    ],
    [{ for: -1 }, "rules[0].for: -1 is not a time from 0s to 1d;"],
    [{ clearFor: "2d" }, 'rules[0].clearFor: "2d" is not a time'],
    [{ suppress: 0 }, "rules[0].suppress: 0 is not a time from 1s to 30d"],
    [
      { clearThreshold: "11 %" },
      'rules[0].clearThreshold: "11 %" is on the side of the threshold (10) on which the rule fires; allowed: at most 10 %',
    ],
    [
      { clearThreshold: "9 ms" },
      "rules[0].clearThreshold: failure_rate is in %, and ms cannot be turned into that",
    ],
    [{ clearThreshold: [] }, "rules[0].clearThreshold: [] is not a number"],
    [
      { when: "dependency_up == down", clearThreshold: 1 },
      "rules[0].clearThreshold: dependency_up is a word",
    ],
    [
      { minSamples: 1.5 },
      "rules[0].minSamples: 1.5 cannot be used; allowed: a whole number from 0 to 1000000000",
    ],
    [
      { escalation: true },
      "rules[0].escalation: true cannot be used; allowed: false, or { after, severity, channels }",
    ],
    [{ escalation: { aftr: 3 } }, "rules[0].escalation.aftr: there is no aftr here; did you mean after?"],
    [
      { escalation: { after: 0 } },
      "rules[0].escalation.after: 0 cannot be used; allowed: a whole number from 1 to 1000",
    ],
    [
      { escalation: { severity: "info" } },
      "rules[0].escalation.severity: info is below the rule's severity, warning; allowed: warning, critical",
    ],
    [
      { escalation: { channels: ["ops", ""] } },
      'rules[0].escalation.channels[1]: "" cannot be used; allowed: a text of one line',
    ],
    [{ mutes: "x" }, 'rules[0].mutes: "x" cannot be used; allowed: a list of ids'],
    [{ mutes: [7] }, "rules[0].mutes[0]: 7 cannot be used"],
    [
      { mutes: ["memory-hihg"] },
      "rules[0].mutes[0]: there is no rule memory-hihg; did you mean memory-high?",
    ],
    [{ mutes: ["mine"] }, "rules[0].mutes[0]: a rule cannot mute itself"],
    [
      { mutes: [{ rule: "memory-high", equal: ["service"] }] },
      "rules[0].mutes[0]: alerts of mine have no label service; allowed: desk",
    ],
    [
      { labels: { team: "{value}" } },
      'rules[0].labels.team: a label is constant, and "{value}" would make an alert of each value; allowed: a text without {...}; values belong in title and message',
    ],
    [{ labels: { severity: "high" } }, "rules[0].labels.severity: every alert has a label severity"],
    [{ labels: { "my-team": "a" } }, 'rules[0].labels.my-team: "my-team" is not the name of a label'],
    [{ labels: { team: 7 } }, "rules[0].labels.team: 7 cannot be used"],
    [{ labels: [] }, "rules[0].labels: [] cannot be used"],
    [{ when: "sink_up == down", labels: { sink: "a" } }, "rules[0].labels.sink: sink_up has a label sink"],
    [{ title: "x".repeat(151) }, "allowed: a text of one line, 150 characters at most"],
    [{ title: "two\nlines" }, 'rules[0].title: "two\\nlines" cannot be used'],
    [
      { message: "is {valeu}" },
      "rules[0].message: there is no placeholder {valeu}; did you mean {value}? allowed: {value}, {threshold}",
    ],
    [{ message: "of {service}" }, "rules[0].message: there is no placeholder {service}"],
    [{ detail: "lost {mev_loss_usd.cuont}" }, "did you mean {mev_loss_usd.count}?"],
    [{ runbook: "wiki" }, 'rules[0].runbook: "wiki" is not an address; allowed: an address such as https://'],
    [
      { threshold: 5 },
      "rules[0].threshold: a rule has no field threshold; did you mean when? allowed: id, severity, when,",
    ],
    [{ treshold: 5 }, "rules[0].treshold: a rule has no field treshold; did you mean when?"],
    [{ serverity: "info" }, "rules[0].serverity: a rule has no field serverity; did you mean severity?"],
    [
      { when: "daily_summary", for: "5m" },
      "rules[0].for: daily_summary happens, and has no for; allowed: for only with a condition",
    ],
  ])("%j", (fields, message) => {
    const [first, ...others] = wrong(fields);
    expect(first).toContain(message);
    expect(others).toEqual([]);
  });

  it.each<[unknown, string]>([
    ["rules", 'rules: "rules" cannot be used; allowed: a list of rules, or an object with the list as rules'],
    [
      { rules: { a: "b" } },
      'rules: {"a":"b"} cannot be used; allowed: a list of rules, or an object with the list as rules',
    ],
    [7, "rules: 7 cannot be used"],
    [{ rule: [] }, "rules: there is no key rule beside the rules; did you mean rules?"],
    [{ rules: { id: "x" } }, "rules: "],
    [[7], "rules[0]: 7 is not a rule; allowed: an object with an id"],
    [[null], "rules[0]: null is not a rule"],
    [[{}], "rules[0].id: the rule has no id"],
    [
      [{ id: "memory-hihg", enabled: false }],
      "rules[0].id: there is no shipped rule memory-hihg, and a new rule needs severity and when; did you mean memory-high?",
    ],
    [
      [{ id: "memory-hihg", when: "memory_used > 90 %" }],
      "rules[0].id: there is no shipped rule memory-hihg, and a new rule needs severity and when; did you mean memory-high?",
    ],
    [
      [{ id: "mine" }],
      "rules[0].id: there is no shipped rule mine, and a new rule needs severity and when; allowed: node-latency-critical,",
    ],
    [
      [{ id: "mine", severity: "info" }],
      'rules[0]: the rule has no when; allowed: a condition such as "node_latency_p99 > 200 ms"',
    ],
    [
      [{ id: "mine", when: "failure_rate > 1 %" }],
      "rules[0]: the rule has no severity; allowed: info, warning, critical",
    ],
    [[quotes, quotes], "rules[1].id: slow-quotes is already the id of rules[0]; allowed: each id once"],
    [Array.from({ length: 1_001 }, () => quotes), "rules: there are 1001 rules; allowed: 1000 at most"],
    [
      Array.from({ length: 999 }, (_, i) => ({ ...quotes, id: `q-${i}` })),
      "rules: there are 1023 rules, with those that are shipped; allowed: 1000 at most",
    ],
  ])("%j as rules", (user, message) => {
    expect(problemsOf(user)[0]).toContain(message);
  });

  it("names the column of a condition, and the path for whoever has the file", () => {
    expect(readRules([{ ...quotes, when: "failure_rate > 10 ms" }]).problems).toMatchObject([
      { path: [0, "when"], column: 19, suggestion: null },
    ]);
    expect(readRules([{ id: "x" }], { list: "alerts" }).problems).toMatchObject([{ place: "alerts[0].id" }]);
  });

  it("reports all mistakes of all rules at once", () => {
    const user = [
      { id: "Node", serverity: "x", when: "failure_rate >", for: "soon" },
      { id: "memory-high", enabled: 1, mutes: ["nothing"] },
      { ...quotes, message: "{x} {y}" },
    ];
    expect(readRules(user).problems.map(({ place }) => place)).toEqual([
      "rules[0].serverity",
      "rules[0].id",
      "rules[0]",
      "rules[0].when",
      "rules[0].for",
      "rules[1].enabled",
      "rules[2].message",
      "rules[2].message",
      "rules[1].mutes[0]",
    ]);
  });

  it("looks at texts and at muted rules also if the condition is wrong", () => {
    const texts = { message: "{operation} {pair} {x}", mutes: ["nothing"] };
    const places = (when: string): unknown =>
      readRules([{ ...quotes, when, ...texts }]).problems.map(({ place }) => place);
    expect(places("latency > 1 s")).toEqual([
      "rules[0].when",
      "rules[0].message",
      "rules[0].message",
      "rules[0].mutes[0]",
    ]);
    // Of which statistic the labels would be is not known.
    expect(places("latncyy > 1 s")).toEqual(["rules[0].when", "rules[0].message", "rules[0].mutes[0]"]);
  });

  it("does not blame others for a rule that is wrong itself", () => {
    const user = [
      { ...quotes, mutes: ["mine"] },
      { id: "mine", severity: "info", when: "nothing > 5" },
    ];
    expect(readRules(user).problems.map(({ place }) => place)).toEqual(["rules[1].when"]);
  });

  it("finds rules that mute each other over others", () => {
    const one = (id: string, mutes: string): object => ({ ...quotes, id, mutes: [mutes] });
    const found = problemsOf([one("a", "b"), one("b", "c"), one("c", "a"), one("d", "a")]);
    expect(found.map((text) => text.slice(0, 18))).toEqual([
      "rules[0].mutes[0]:",
      "rules[1].mutes[0]:",
      "rules[2].mutes[0]:",
    ]);
  });

  it("counts the windows that rules open", () => {
    const withWindows = (...windows: readonly string[]): object[] =>
      windows.map((window, i) => ({ id: `w${i}`, severity: "info", when: `${window} > 5 %` }));
    const sixteen = Array.from({ length: 8 }, (_, i) => [
      `failure_rate[${5 * (i + 1)}s]`,
      `node_error_rate[${5 * (i + 1)}s]`,
    ]).flat();
    const tooMany = withWindows(...sixteen, "failure_rate[1h]", "slippage_accuracy[5s]");
    expect(problemsOf(tooMany)).toEqual([
      "rules[16].when: failure_rate[1h] is one window too many: each is counted by itself; allowed: 16 windows in all rules. Rules on one statistic share a window of the same length, and this statistic has failure_rate[5s], failure_rate[10s], failure_rate[15s], failure_rate[20s], failure_rate[25s], failure_rate[30s], failure_rate[35s], failure_rate[40s] already",
      "rules[17].when: slippage_accuracy[5s] is one window too many: each is counted by itself; allowed: 16 windows in all rules. Rules on one statistic share a window of the same length",
    ]);
    expect(problemsOf(tooMany.map((one) => ({ ...one, enabled: false })))).toEqual([]);
    // Counted together, and as a window that is there already; nothing is counted for completeness.
    const shared = ["success_rate[40s]", "failure_rate[5s]", "completeness[20s]", "completeness[1h]"];
    expect(problemsOf(withWindows(...sixteen, ...shared))).toEqual([]);
  });
});

describe("whatever is given", () => {
  const field = fc.constantFrom(
    "id",
    "severity",
    "when",
    "for",
    "mutes",
    "labels",
    "escalation",
    "message",
    "__proto__",
    "x",
  );
  const fields = fc.dictionary(field, fc.oneof(fc.anything(), fc.string({ unit: "binary" })), {
    noNullPrototype: false,
  });
  const user = fc.oneof(fc.anything(), fc.array(fc.oneof(fields, fc.anything()), { maxLength: 4 }));

  it("nothing is thrown, and rules without problems can be saved and read", () => {
    fc.assert(
      fc.property(user, (given) => {
        const { rules, problems } = readRules(given);
        for (const problem of problems) expect(problemText(problem)).not.toMatch(/[\n\r]/);
        if (problems.length === 0) expect(decodeRules(encodeRules(rules))).toEqual(rules);
      }),
      { numRuns: 1_000 },
    );
  });
});
