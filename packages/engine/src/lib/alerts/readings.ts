import {
  type Matcher,
  MOST_WINDOWS,
  type Reading,
  type Rule,
  type RuleReadings,
  ruleStatistic,
  seriesMatcher,
} from "@slipstream/alerts";
import { type Saved, SavedFields } from "@slipstream/stats";
import type { StatisticValue } from "../model.ts";
import type { Entry, Wanted } from "../statistics/statistic.ts";

/** A statistic is read this often at most. */
export const EVALUATION_MS = 250;
/** If it has more series, so much less often for each of them: reading them all then takes a small share of the time. */
const FEW_SERIES = 64;
const MS_PER_SERIES = 6;

/** The label by which a statistic with several percentiles tells them apart. */
const QUANTILE = "quantile";
const NO_LABELS: Readonly<Record<string, string>> = Object.freeze({});

/** A window that a rule gives to a statistic in place of its own. */
export interface WindowOf {
  /** Name of the part that has the statistic. */
  readonly part: string;
  readonly seconds: number;
}

/** The name of a part together with a window. @param seconds null: its own */
export function keyOf({ part, seconds }: { readonly part: string; readonly seconds: number | null }): string {
  return seconds === null ? part : `${part}[${seconds}]`;
}

/** Where the values of statistics are read. */
export interface StatisticSource {
  /** Name of the part that has a statistic, by the statistic's name in `/api/current`; undefined if there is none. */
  partOf(statistic: string): string | undefined;
  /**
   * The statistics of a part.
   *
   * @param seconds the window that it is read with; null: its own
   * @param wanted undefined: everything
   */
  read(part: string, seconds: number | null, wanted?: Wanted): Readonly<Record<string, Entry>>;
}

/** A rule on a statistic, and which of its series it is on. */
interface RuleOn {
  readonly id: string;
  /** A label that must have a value, if there is one: most series are told from the rule's by it. */
  readonly equal: { readonly label: string; readonly value: string } | undefined;
  readonly matches: (labels: Readonly<Record<string, string>>) => boolean;
  /** Those that it is on, of a statistic that has several. */
  readonly percentiles: readonly number[] | "all";
}

/** The rules on one statistic. */
class RulesOn {
  readonly all: RuleOn[] = [];
  readonly #byEqual: Map<string, Map<string, RuleOn[]>> = new Map();
  readonly #others: RuleOn[] = [];
  // Most statistics give the same object for the same labels each time.
  readonly #known: WeakMap<Readonly<Record<string, string>>, readonly RuleOn[]> = new WeakMap();

  add(rule: RuleOn): void {
    this.all.push(rule);
    if (rule.equal === undefined) {
      this.#others.push(rule);
      return;
    }
    const { label, value } = rule.equal;
    const values = this.#byEqual.get(label) ?? new Map<string, RuleOn[]>();
    this.#byEqual.set(label, values);
    const rules = values.get(value);
    if (rules === undefined) values.set(value, [rule]);
    else rules.push(rule);
  }

  /** Those that are on the series with these labels. */
  of(labels: Readonly<Record<string, string>>): readonly RuleOn[] {
    const known = this.#known.get(labels);
    if (known !== undefined) return known;
    const found = this.#others.filter(({ matches }) => matches(labels));
    for (const [label, values] of this.#byEqual) {
      const candidates = Object.hasOwn(labels, label) ? values.get(labels[label] ?? "") : undefined;
      for (const rule of candidates ?? []) if (rule.matches(labels)) found.push(rule);
    }
    this.#known.set(labels, found);
    return found;
  }
}

/** What is read together: the statistics of one part, with one window. */
interface Group {
  readonly part: string;
  readonly seconds: number | null;
  readonly byStatistic: Map<string, RulesOn>;
  /** Time of receipt, Unix ms. */
  readMs: number;
  /** Series when it was read last. */
  series: number;
  /** What its rules are on; undefined: not looked at yet. */
  wanted: Wanted | undefined;
}

/**
 * What rules read: which statistics they are on, and how often these are read. One that several rules are on is read once for all
 * of them. Statistics with many series are read less often.
 */
export class Readings {
  readonly #groups: Map<string, Group> = new Map();
  /** Rules that nothing is read for, and why. */
  readonly #unread: RuleReadings[] = [];
  readonly #windows: WindowOf[] = [];

  constructor(rules: readonly Rule[], source: Pick<StatisticSource, "partOf">) {
    for (const rule of rules) this.#add(rule, source);
  }

  /** The windows that statistics must be counted with, beside their own. */
  get windows(): readonly WindowOf[] {
    return this.#windows;
  }

  /** Reads what is due. @param nowMs time of receipt */
  take(nowMs: number, source: Pick<StatisticSource, "read">): RuleReadings[] {
    const taken: RuleReadings[] = [];
    for (const group of this.#groups.values()) {
      if (nowMs - group.readMs < intervalOf(group)) continue;
      const isFirst = group.readMs === Number.NEGATIVE_INFINITY;
      group.readMs = nowMs;
      group.series = read(group, source, taken);
      if (isFirst) taken.push(...this.#unread.splice(0));
    }
    if (this.#groups.size === 0) taken.push(...this.#unread.splice(0));
    return taken;
  }

  /** When it read what. */
  save(): Saved {
    const groups = [...this.#groups.values()];
    return {
      keys: [...this.#groups.keys()],
      read: Float64Array.from(groups.flatMap(({ readMs, series }) => [readMs, series])),
      unread: this.#unread.length > 0,
    };
  }

  /** Of readings for the same rules. */
  load(saved: Saved): void {
    const fields = new SavedFields("saved readings of rules", saved);
    const keys = fields.texts("keys");
    const read = fields.doubles("read", 2 * keys.length);
    for (const [i, key] of keys.entries()) {
      const group = this.#groups.get(key);
      if (group === undefined) continue;
      group.readMs = read[2 * i] ?? Number.NEGATIVE_INFINITY;
      group.series = read[2 * i + 1] ?? 0;
    }
    if (!fields.boolean("unread")) this.#unread.length = 0;
  }

  #add({ id, when, off }: Rule, source: Pick<StatisticSource, "partOf">): void {
    if (off !== null || typeof when === "string") return;
    const { statistic, labels, windowSeconds } = when;
    const part = source.partOf(statistic);
    if (part === undefined) {
      this.#unread.push(unknown(id, `there is no statistic ${statistic}`));
      return;
    }
    const isCounted = windowSeconds !== null && ruleStatistic(statistic)?.countedAs !== null;
    if (isCounted && !this.#hasWindow({ part, seconds: windowSeconds })) {
      this.#unread.push(unknown(id, `rules give statistics more than ${MOST_WINDOWS} windows`));
      return;
    }
    const equal = labels.find(({ operator, value }) => operator === "=" && value !== "");
    const matches = matcherOf(labels);
    if (matches === undefined) {
      this.#unread.push(unknown(id, "a matcher of it is not a regular expression"));
      return;
    }
    this.#rulesOn(part, windowSeconds, statistic).add({
      id,
      equal,
      matches,
      percentiles: percentilesOf(labels),
    });
  }

  #hasWindow(wanted: WindowOf): boolean {
    const has = this.#windows.some(({ part, seconds }) => part === wanted.part && seconds === wanted.seconds);
    if (!has && this.#windows.length >= MOST_WINDOWS) return false;
    if (!has) this.#windows.push(wanted);
    return true;
  }

  #rulesOn(part: string, seconds: number | null, statistic: string): RulesOn {
    const key = keyOf({ part, seconds });
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = {
        part,
        seconds,
        byStatistic: new Map(),
        readMs: Number.NEGATIVE_INFINITY,
        series: 0,
        wanted: undefined,
      };
      this.#groups.set(key, group);
    }
    let rules = group.byStatistic.get(statistic);
    if (rules === undefined) {
      rules = new RulesOn();
      group.byStatistic.set(statistic, rules);
    }
    return rules;
  }
}

/** None if it has no matcher on them: then its statistic has only one. */
function percentilesOf(labels: readonly Matcher[]): RuleOn["percentiles"] {
  const matchers = labels.filter(({ label }) => label === QUANTILE);
  if (matchers.some(({ operator }) => operator !== "=")) return "all";
  return matchers.map(({ value }) => Number(value));
}

function wantedOf(statistics: Iterable<RulesOn>): Wanted {
  const quantiles = new Set<number>();
  for (const { all } of statistics) {
    for (const { percentiles } of all) {
      if (percentiles === "all") return { quantiles: undefined };
      for (const q of percentiles) quantiles.add(q);
    }
  }
  return { quantiles };
}

/** How long after it was read a group is read again, ms. */
function intervalOf({ series }: Group): number {
  return series > FEW_SERIES ? MS_PER_SERIES * series : EVALUATION_MS;
}

/** undefined: whoever wrote it wrote something that this version cannot read. */
function matcherOf(labels: readonly Matcher[]): RuleOn["matches"] | undefined {
  try {
    return seriesMatcher(labels);
  } catch {
    return undefined;
  }
}

/** @returns how many series there are */
function read(group: Group, source: Pick<StatisticSource, "read">, taken: RuleReadings[]): number {
  const { part, seconds, byStatistic } = group;
  group.wanted ??= wantedOf(byStatistic.values());
  const entries = source.read(part, seconds, group.wanted);
  for (const [statistic, rules] of byStatistic) {
    const byRule: Map<RuleOn, Reading[]> = new Map(rules.all.map((rule) => [rule, []]));
    for (const reading of readingsOf(entries[statistic])) {
      for (const rule of rules.of(reading.labels)) byRule.get(rule)?.push(reading);
    }
    for (const [{ id }, readings] of byRule) taken.push({ rule: id, readings });
  }
  let series = 0;
  for (const entry of Object.values(entries)) series += "series" in entry ? entry.series.length : 1;
  return series;
}

/** The series of a statistic; one without labels if it has one value. */
export function readingsOf(entry: Entry | undefined): readonly (StatisticValue & Pick<Reading, "labels">)[] {
  if (entry === undefined) return [];
  return "series" in entry ? entry.series : [{ ...entry, labels: NO_LABELS }];
}

function unknown(rule: string, reason: string): RuleReadings {
  const reading = { labels: NO_LABELS, value: null, unit: "", count: 0, windowSeconds: null, reason };
  return { rule, readings: [reading] };
}
