import { deserialize, serialize } from "node:v8";
import fc from "fast-check";
import type { Rule } from "../../rule/rule.ts";
import { AlertBook } from "../alert-book.ts";
import type { AlertCommand } from "../command.ts";
import type { Reading, RuleReadings } from "../reading.ts";
import type { Transition } from "../transition.ts";
import { condition, reading, rule } from "./rules.ts";
import { START_MS } from "./run.ts";

/** One thing that happens to a book, `afterMs` after the one before. */
export type Step = { readonly afterMs: number } & (
  | { readonly do: "evaluate"; readonly read: readonly RuleReadings[]; readonly catchingUp: boolean }
  | { readonly do: "acknowledge"; readonly nth: number }
  | { readonly do: "command"; readonly command: AlertCommand; readonly forMs: number }
  | { readonly do: "setRules"; readonly rules: readonly Rule[] }
  | { readonly do: "happen"; readonly key: string }
);

const muting = [{ rule: "slow", equal: ["pair"] }];

const standard: readonly Rule[] = [
  rule("slow", { suppressSeconds: 60 }),
  rule("stuck", { severity: "critical", forSeconds: 20, mutes: muting, suppressSeconds: 100 }),
  rule("rate", {
    when: condition("rate", "<", 80),
    clearThreshold: 90,
    clearForSeconds: 30,
    mutes: [{ rule: "slow", equal: [] }],
  }),
  rule("plain", { suppressSeconds: 0, minSamples: 50, labels: { team: "core" } }),
  rule("day", { when: "daily_summary", severity: "info" }),
];

/** Rules that replace one another: with one that is off, gone, changed. */
const ruleSets: readonly (readonly Rule[])[] = [
  standard,
  standard.map((one) => (one.id === "slow" ? { ...one, off: "by hand" } : { ...one, title: "new" })),
  standard.filter(({ id }) => id !== "stuck"),
  standard.map((one) =>
    one.id === "rate"
      ? { ...one, escalation: { after: 2, severity: "warning", channels: ["oncall"] } }
      : { ...one, mutes: [] },
  ),
];

const pairs = ["A", "B", "C"];

const readings: fc.Arbitrary<readonly Reading[]> = fc.uniqueArray(
  fc
    .tuple(
      fc.constantFrom(...pairs),
      fc.constantFrom(50, 85, 95, 101, 150, 500, null, "open"),
      fc.constantFrom(1000, 1000, 10),
    )
    .map(([pair, value, count]) => reading(value, { labels: { pair }, count })),
  { selector: ({ labels }) => labels.pair, maxLength: pairs.length },
);

const evaluation = fc.record({
  do: fc.constant("evaluate" as const),
  read: fc.uniqueArray(
    fc.record({ rule: fc.constantFrom("slow", "stuck", "rate", "plain", "day", "none"), readings }),
    { selector: (one) => one.rule },
  ),
  catchingUp: fc.nat(9).map((one) => one === 0),
});

const silencing = fc.record({
  do: fc.constant("command" as const),
  command: fc.oneof(
    fc.record({
      command: fc.constant("silence" as const),
      id: fc.constantFrom("s1", "s2"),
      matchers: fc.constantFrom(
        [{ label: "pair", operator: "=~" as const, value: "A|B" }],
        [{ label: "severity", operator: "=" as const, value: "warning" }],
        [{ label: "alertname", operator: "!=" as const, value: "slow" }],
      ),
      untilMs: fc.constant(0),
      by: fc.constant("ops"),
      comment: fc.constant(""),
    }),
    fc.record({ command: fc.constant("expire" as const), id: fc.constantFrom("s1", "s2") }),
  ),
  forMs: fc.integer({ min: 0, max: 300_000 }),
});

const afterMs = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0, 250, 1000, 5000) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 70_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(-10_000, 1_800_000, 90_000_000) },
);

const what = fc.oneof(
  { weight: 20, arbitrary: evaluation },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("acknowledge" as const), nth: fc.nat(5) }) },
  { weight: 2, arbitrary: silencing },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("setRules" as const), rules: fc.constantFrom(...ruleSets) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("happen" as const), key: fc.constantFrom("mon", "tue") }),
  },
);

/** Long histories of everything that can happen to a book. */
export const histories: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.tuple(afterMs, what).map(([after, step]): Step => ({ ...step, afterMs: after })),
  { minLength: 1, maxLength: 150, size: "max" },
);

/** Times of the steps, Unix ms. */
export function timesOf(steps: readonly Step[]): number[] {
  let nowMs = START_MS;
  return steps.map((step) => {
    nowMs += step.afterMs;
    return nowMs;
  });
}

/** Does a step at a time. */
export function take(book: AlertBook, step: Step, nowMs: number): Transition[] {
  switch (step.do) {
    case "evaluate":
      return book.evaluate({ nowMs, eventMs: nowMs - 500, catchingUp: step.catchingUp }, step.read);
    case "acknowledge": {
      const firing = book.view().filter(({ state }) => state === "firing");
      const { alert = "none", episode = 1 } = firing[step.nth % Math.max(1, firing.length)] ?? {};
      return book.command({ command: "acknowledge", alert, episode, by: "ops", comment: "" }, nowMs);
    }
    case "command":
      return book.command({ ...step.command, untilMs: nowMs + step.forMs } as AlertCommand, nowMs);
    case "setRules":
      return book.setRules(step.rules, nowMs);
    case "happen":
      return book.happen({ nowMs, eventMs: nowMs, catchingUp: false }, "day", step.key);
  }
}

function newBook(): AlertBook {
  return new AlertBook((_rule, { key }) => ({ title: key, lines: [], evidence: [], links: [] }));
}

/** A book that has the rules that histories are about. */
export function started(): AlertBook {
  const book = newBook();
  book.setRules(standard, START_MS);
  return book;
}

/** Saves a book and loads that into another, as a restart does. */
export function restarted(book: AlertBook): AlertBook {
  const next = newBook();
  next.load(deserialize(serialize(book.save())));
  return next;
}

/** What comes of a history. */
export function run(steps: readonly Step[], times: readonly number[] = timesOf(steps)): Transition[] {
  const book = started();
  return steps.flatMap((step, i) => take(book, step, times[i] ?? 0));
}
