import { type AlertCommand, MOST_SILENCES, type Rule, seriesMatcher } from "@slipstream/alerts";
import { AGGREGATOR_SERVICE, aggregatorMetrics } from "@slipstream/conventions";
import type { MetricFamily, MetricSource } from "@slipstream/exposition";
import type { Resource } from "@slipstream/otlp/decode";
import { type Saved, SavedFields } from "@slipstream/stats";
import { type Effects, joinEffects, noEffects } from "../effects.ts";
import { Engine, type EngineDuties } from "../engine.ts";
import type { AlertBatch, EngineRecord, RulesBatch } from "../model.ts";
import type { EngineConfig, EngineOptions } from "../options.ts";
import { OWN_HEALTH } from "../own-health.ts";
import { ABSENT, type LostParts, loadParts } from "../parts/load-parts.ts";
import { type Part, type Since, versionOf } from "../parts/part.ts";
import { type ReadableParts, readable } from "../parts/readable.ts";
import type { SeenKeys } from "../seen-keys.ts";
import { checkState, type EngineState } from "../state.ts";
import { gauge } from "../statistics/ratio-families.ts";
import { type ChainWants, JoinedWants } from "./chain-wants.ts";
import { type DeskLabels, deskLabels, withDesks } from "./desk-families.ts";
import { isDeskName, OWN_DESK } from "./desk-name.ts";
import { LeftOut, type LeftOutCounts } from "./left-out.ts";
import { type DeskBatch, isOwn, splitBatch } from "./split.ts";

/** Name of the part that holds the other desks. */
const DESKS = "desks";

/** Parts of a restored desk that began with nothing. */
export interface LostOfDesk {
  readonly desk: string;
  readonly added: readonly string[];
  readonly unreadable: readonly (readonly [part: string, reason: string])[];
}

interface Other {
  readonly engine: Engine;
  readonly labelled: DeskLabels;
}

/**
 * An engine for each desk that sends. Data without `slipstream.desk`, or with the name of the aggregator's own desk, is the own
 * desk's; what another desk sends goes to an engine of that desk, and nothing of it to any other. Time, options and what is seen of
 * the chain go to all. What the engines do for one desk, this does for all of them: it is as deterministic, and as bounded.
 *
 * Desks share the memory of spans seen, so that its size is what is configured however many there are.
 */
export class Desks implements MetricSource {
  readonly own: Engine;
  readonly #duties: EngineDuties;
  readonly #others: Map<string, Other> = new Map();
  readonly #wants: ChainWants = new JoinedWants(() => this.#engines().map(({ verdicts }) => verdicts));
  #leftOut: LeftOut = new LeftOut();
  /** As they were asked for: a desk that comes later may be one that they choose. */
  readonly #silences: Map<string, SilenceCommand> = new Map();
  /** Those that parts of a record had something of, until the last of them. */
  readonly #touched: Set<Engine> = new Set();
  #changes = 0;
  #lost: LostParts = new Map();
  #since: Since | undefined;
  readonly #deskOf = (resource: Resource): string => {
    const { desk, service } = resource;
    return desk === OWN_DESK || desk === this.own.options.desks?.own || service === AGGREGATOR_SERVICE
      ? OWN_DESK
      : desk;
  };

  /**
   * @param own the own desk's engine, if it is restored
   * @throws SlipstreamError if a window is not a multiple of 5 s.
   */
  constructor(
    options: EngineConfig = {},
    duties: EngineDuties = {},
    own: Engine = new Engine(options, duties),
  ) {
    this.own = own;
    this.#duties = duties;
  }

  /**
   * Desks that continue where the saved ones stood: see `Engine.restore`.
   *
   * @throws SlipstreamError `state_corrupt` if it is no state
   */
  static restore(
    state: EngineState,
    seen: Iterable<SeenKeys>,
    duties: EngineDuties = {},
    began?: Since,
  ): Desks {
    checkState(state);
    const desks = new Desks({}, duties, Engine.restore(state, seen, duties, began));
    desks.#lost = new Map(desks.own.lost);
    desks.#load(state, began);
    return desks;
  }

  /** Every part that this version saves, by its name. */
  static get parts(): Readonly<Record<string, Part>> {
    return { ...Engine.parts, [DESKS]: new Desks().#part };
  }

  /** Which versions of its parts this version reads. */
  static get readableParts(): ReadableParts {
    return readable(Desks.parts);
  }

  /** Names of the desks beside the own one, in the order in which they came. */
  get others(): readonly string[] {
    return [...this.#others.keys()];
  }

  /** Whether a tick at `nowMs` could move the time of any desk's statistics. If not, the records that come do it. */
  isBehind(nowMs: number): boolean {
    return this.#engines().some((engine) => engine.isBehind(nowMs));
  }

  /** Whether a tick at `nowMs` would change alerts of any desk. */
  isAlertDue(nowMs: number): boolean {
    return this.#engines().some((engine) => engine.isAlertDue(nowMs));
  }

  /** How many desks there are beside the own one. */
  get count(): number {
    return this.#others.size;
  }

  /** Rises whenever another desk comes or goes. */
  get changes(): number {
    return this.#changes;
  }

  get leftOut(): LeftOutCounts {
    return this.#leftOut.counts;
  }

  /** How many desks `leftOut` names. */
  get leftOutDesks(): number {
    return this.#leftOut.named;
  }

  /** The engine of a desk, by its name or `OWN_DESK`; undefined if there is no such desk. */
  engineOf(desk: string): Engine | undefined {
    return desk === OWN_DESK || desk === this.own.options.desks?.own
      ? this.own
      : this.#others.get(desk)?.engine;
  }

  /** The options that hold. */
  get options(): EngineOptions {
    return this.own.options;
  }

  /** Parts of the own desk, and the others as a whole, that began with nothing after they were restored, and why. */
  get lost(): ReadonlyMap<string, string> {
    return this.#lost;
  }

  /** The same of the other desks: parts that are new, and those that could not be read, with the reason. */
  get lostOfOthers(): readonly LostOfDesk[] {
    return Array.from(this.#others, ([desk, { engine }]) => {
      const lost = [...engine.lost];
      const added = lost.flatMap(([part, reason]) => (reason === ABSENT ? [part] : []));
      return { desk, added, unreadable: lost.filter(([, reason]) => reason !== ABSENT) };
    }).filter(({ added, unreadable }) => added.length + unreadable.length > 0);
  }

  /** Applies the next record of the log and gives what came of it. */
  apply(record: EngineRecord): Effects {
    const { batch, receivedMs } = record;
    if (batch.kind !== "options") this.#since ??= { ms: receivedMs, exact: true };
    switch (batch.kind) {
      case "traces":
      case "metrics":
        return this.#evaluated(this.#applyData(batch, record), record);
      case "options":
        return this.#reconfigure(batch.options, receivedMs);
      case "self":
        return this.own.apply(record);
      case "rules":
        return this.#applyToAll(record, { ...record, batch: rulesOfOthers(batch) });
      case "alert":
        return this.#command(batch, record);
      default:
        return this.#applyToAll(record);
    }
  }

  /** As `Engine.save`, for all desks. */
  save(): EngineState {
    const part = this.#part;
    const saved = { version: versionOf(part), since: this.#since ?? null, data: part.save() };
    return { parts: { ...this.own.save().parts, [DESKS]: saved } };
  }

  /** As `Engine.takeSeen`, for all desks. */
  takeSeen(): readonly SeenKeys[] {
    return this.own.takeSeen();
  }

  /** What a watcher of the chain is to look for, for any of the desks. */
  get wants(): ChainWants {
    return this.#others.size === 0 ? this.own.verdicts : this.#wants;
  }

  /** What is wrong with what services send, by name: of another desk's with that desk. */
  troubles(): ReturnType<Engine["troubles"]> {
    const others = Array.from(this.#others, ([desk, { engine }]) =>
      Object.entries(engine.troubles()).map(
        ([name, trouble]) => [`${name} (desk ${desk})`, trouble] as const,
      ),
    );
    return { ...this.own.troubles(), ...Object.fromEntries(others.flat()) };
  }

  /** The families of all desks: the own one's without a label for it, the others' with one. */
  collect(): readonly MetricFamily[] {
    const { spans, points } = this.#leftOut.counts;
    const others = Array.from(this.#others.values(), ({ engine, labelled }) => ({
      families: engine.collect(),
      labelled,
    }));
    const own = this.own.collect();
    return [
      ...(others.length === 0 ? own : withDesks(own, others)),
      gauge(aggregatorMetrics.desks, this.#others.size),
      {
        definition: aggregatorMetrics.leftOut,
        samples: [
          { labels: LEFT_OUT.spans, value: spans },
          { labels: LEFT_OUT.points, value: points },
        ],
      },
    ];
  }

  #engines(): readonly Engine[] {
    return [this.own, ...Array.from(this.#others.values(), ({ engine }) => engine)];
  }

  #isOwn(batch: DeskBatch): boolean {
    return this.options.desks === undefined || isOwn(batch, this.#deskOf);
  }

  #applyData(batch: DeskBatch, record: EngineRecord): Effects {
    if (!this.#isOwn(batch)) return this.#applyParts(batch, record);
    if (record.continues === true) this.#touched.add(this.own);
    // It evaluates after the last part by itself.
    else this.#touched.delete(this.own);
    return this.own.apply(record);
  }

  #applyParts(batch: DeskBatch, { receivedMs }: EngineRecord): Effects {
    let effects: Effects = noEffects;
    const and = (more: Effects): void => {
      effects = joinEffects(effects, more);
    };
    for (const [desk, part] of splitBatch(batch, this.#deskOf)) {
      const engine = this.#engineFor(desk, receivedMs, and);
      if (engine === undefined) this.#leftOut.add(desk, part);
      else {
        this.#touched.add(engine);
        and(engine.apply({ receivedMs, batch: part, continues: true }));
      }
    }
    return effects;
  }

  /**
   * Evaluates, after the last part of a record, the alerts of the desks that it had something of: so a desk has the same alerts as if it
   * were the only one, in whatever parts a record came.
   */
  #evaluated(before: Effects, { receivedMs, continues }: EngineRecord): Effects {
    if (continues === true || this.#touched.size === 0) return before;
    let effects = before;
    for (const engine of this.#engines())
      if (this.#touched.has(engine)) effects = joinEffects(effects, engine.evaluate(receivedMs));
    this.#touched.clear();
    return effects;
  }

  /** @param and given what comes of a desk that makes room */
  #engineFor(desk: string, receivedMs: number, and: (effects: Effects) => void): Engine | undefined {
    const known = this.engineOf(desk);
    const { most = 0 } = this.options.desks ?? {};
    if (known !== undefined || !isDeskName(desk)) return known;
    if (this.#others.size >= most && !this.#makeRoom(receivedMs, and)) return undefined;
    const engine = this.#add(desk, new Engine(optionsOfOthers(this.options), this.#dutiesOf(desk)));
    and(this.#tellAlerts(engine, desk, receivedMs));
    return engine;
  }

  /** A desk that comes has the rules and the silences of the others. */
  #tellAlerts(engine: Engine, desk: string, receivedMs: number): Effects {
    const { rules } = this.own.alerts;
    if (rules.length === 0 && this.#silences.size === 0) return noEffects;
    const batch = rulesOfOthers({ kind: "rules", rules });
    // What it is about to be told of is evaluated together with that.
    let effects = engine.apply({ receivedMs, batch, continues: true });
    for (const silence of this.#silences.values())
      effects = joinEffects(effects, this.#silence(engine, desk, silence, { receivedMs, continues: true }));
    return effects;
  }

  /** The desk that has sent nothing for longest goes, if that is long enough. False: all stay. */
  #makeRoom(receivedMs: number, and: (effects: Effects) => void): boolean {
    const { most = 0, idleMs = Number.POSITIVE_INFINITY } = this.options.desks ?? {};
    // Beyond a limit that was lowered, those that are there stay.
    if (this.#others.size !== most) return false;
    const [longest] = [...this.#others].sort(([, a], [, b]) => a.engine.aliveMs - b.engine.aliveMs);
    if (longest === undefined || receivedMs - longest[1].engine.aliveMs < idleMs) return false;
    and(this.#remove(longest[0], receivedMs));
    return true;
  }

  /** What fires of a desk that goes resolves. */
  #remove(desk: string, receivedMs: number): Effects {
    const engine = this.#others.get(desk)?.engine;
    if (engine === undefined) return noEffects;
    this.#others.delete(desk);
    this.#changes += 1;
    return engine.alerts.rules.length === 0
      ? noEffects
      : engine.apply({ receivedMs, batch: { kind: "rules", rules: [] } });
  }

  /** To acknowledge or close is for an alert of one desk. A silence is for all desks that its matchers on `desk` choose. */
  #command({ command, desk = OWN_DESK }: AlertBatch, record: EngineRecord): Effects {
    if (command.command === "acknowledge" || command.command === "close")
      return this.engineOf(desk)?.apply(record) ?? noEffects;
    if (command.command === "expire") {
      this.#silences.delete(command.id);
      return this.#applyToAll(record);
    }
    for (const { id, untilMs } of this.#silences.values())
      if (untilMs <= record.receivedMs) this.#silences.delete(id);
    if (this.#silences.size < MOST_SILENCES) this.#silences.set(command.id, command);
    let effects = this.#silence(this.own, this.options.desks?.own ?? "", command, record);
    for (const [name, { engine }] of this.#others)
      effects = joinEffects(effects, this.#silence(engine, name, command, record));
    return effects;
  }

  #silence(
    engine: Engine,
    desk: string,
    command: SilenceCommand,
    record: Omit<EngineRecord, "batch">,
  ): Effects {
    const isOfDesk = seriesMatcher(command.matchers.filter(({ label }) => label === DESK_LABEL));
    if (!isOfDesk({ [DESK_LABEL]: desk })) return noEffects;
    const matchers = command.matchers.filter(({ label }) => label !== DESK_LABEL);
    return engine.apply({ ...record, batch: { kind: "alert", command: { ...command, matchers } } });
  }

  #add(desk: string, engine: Engine): Engine {
    this.#changes += 1;
    this.#others.set(desk, { engine, labelled: deskLabels(desk) });
    return engine;
  }

  #dutiesOf(desk: string): EngineDuties {
    return { history: this.#duties.history ?? false, beside: { desk, seen: this.own.seen } };
  }

  /** @param forOthers what the other desks are told, if it is something else */
  #applyToAll(record: EngineRecord, forOthers: EngineRecord = record): Effects {
    let effects = this.own.apply(record);
    for (const { engine } of this.#others.values()) effects = joinEffects(effects, engine.apply(forOthers));
    return effects;
  }

  /** What was another desk's before it became the own one is in the history only. */
  #reconfigure(options: EngineOptions, receivedMs: number): Effects {
    const gone = options.desks === undefined ? noEffects : this.#remove(options.desks.own, receivedMs);
    const told = (options: EngineOptions): EngineRecord => ({
      receivedMs,
      batch: { kind: "options", options },
    });
    return joinEffects(gone, this.#applyToAll(told(options), told(optionsOfOthers(options))));
  }

  get #part(): Part {
    return {
      save: () => ({
        leftOut: this.#leftOut.save(),
        others: this.#savedOthers(),
        silences: JSON.stringify([...this.#silences.values()]),
      }),
      load: (saved) => {
        const fields = new SavedFields("saved desks", saved);
        this.#leftOut.load(fields.any("leftOut"));
        // Earlier versions had none.
        const silences = fields.any("silences") === undefined ? "[]" : fields.text("silences");
        for (const silence of JSON.parse(silences) as SilenceCommand[])
          this.#silences.set(silence.id, silence);
        for (const each of fields.list("others")) this.#restoreOther(each);
      },
    };
  }

  #savedOthers(): Saved {
    const entries = Array.from(this.#others, ([desk, { engine }]) => ({ desk, parts: engine.save().parts }));
    return entries as unknown as Saved;
  }

  #restoreOther(saved: Saved): void {
    const desk = new SavedFields("a saved desk", saved).text("desk");
    const state: unknown = saved;
    checkState(state);
    this.#add(desk, Engine.restore(state, [], this.#dutiesOf(desk)));
  }

  #load(state: EngineState, began: Since | undefined): void {
    const failed = loadParts({ [DESKS]: this.#part }, state.parts, this.#lost);
    if (failed !== undefined) {
      this.#others.clear();
      this.#silences.clear();
      this.#leftOut = new LeftOut();
    }
    const { since = began } = state.parts[DESKS] ?? {};
    this.#since = this.#lost.has(DESKS) ? { ms: this.own.receivedMs, exact: true } : (since ?? undefined);
  }
}

type SilenceCommand = Extract<AlertCommand, { command: "silence" }>;

/** Label by which silences choose desks. */
const DESK_LABEL = "desk";

const LEFT_OUT = { spans: { items: "spans" }, points: { items: "points" } } as const;

/** What the aggregator knows of itself is no other desk's. */
function rulesOfOthers({ kind, rules }: RulesBatch): RulesBatch {
  const isOwn = ({ when }: Rule): boolean => OWN_HEALTH.has(typeof when === "string" ? when : when.statistic);
  return { kind, rules: rules.filter((rule) => !isOwn(rule)) };
}

/** The capital is the own desk's, so of another one the profit is known in dollars only. */
function optionsOfOthers(options: EngineOptions): EngineOptions {
  return { ...options, capitalUsd: undefined };
}
