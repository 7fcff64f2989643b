import type { EvaluationTime, Rule, Transition } from "@slipstream/alerts";
import {
  AGGREGATOR_SERVICE,
  aggregatorMetrics,
  attribute,
  DOCTOR_SERVICE,
  limits,
  SlipstreamError,
  spanName,
} from "@slipstream/conventions";
import type { MetricFamily, MetricSource } from "@slipstream/exposition";
import type { SearchWindow } from "@slipstream/mev";
import type { MetricPoint, MetricsBatch, Resource, Span, TracesBatch } from "@slipstream/otlp/decode";
import { type Saved, SavedFields } from "@slipstream/stats";
import { Activity } from "./activity.ts";
import { partOf as alertStatistics, carryOver, daysIn, provide } from "./alerts/alert-statistics.ts";
import { Alerts, type AlertsOf } from "./alerts/alerts.ts";
import type { FailedTrade } from "./alerts/evidence.ts";
import { keyOf } from "./alerts/readings.ts";
import type { AlertHost } from "./alerts/snapshot.ts";
import { nameIn, shortName } from "./attributes.ts";
import { boundaryAtOrAfter, FRESH_MS } from "./boundaries.ts";
import { CANARY_STATISTICS, Canaries } from "./canaries.ts";
import { CallClassifier } from "./classify-call.ts";
import { tradeOf } from "./classify-trade.ts";
import { Clocks } from "./clocks.ts";
import { Dedupe } from "./dedupe.ts";
import { OWN_DESK, saltOf } from "./desks/desk-name.ts";
import { type Effects, EffectsBuffer } from "./effects.ts";
import type { SpanEvent, Trade } from "./event.ts";
import { pointValue } from "./gauge-point.ts";
import { callMark } from "./held-call.ts";
import { alertRow } from "./history/alert-row.ts";
import { canaryRow } from "./history/canary-row.ts";
import { Minutes, minuteUpTo } from "./history/minutes.ts";
import type { HistoryRow } from "./history/rows.ts";
import { tradeRow } from "./history/trade-row.ts";
import { verdictRow } from "./history/verdict-row.ts";
import { KeptTraces } from "./kept-traces.ts";
import { mevTradeOf } from "./mev/own-trade.ts";
import { OwnVerdicts, type VerdictEvent } from "./mev/own-verdicts.ts";
import { SolPrice } from "./mev/sol-price.ts";
import type { CurrentStatistics, DashboardInstant, EngineRecord, ServiceTrouble } from "./model.ts";
import { NestedCalls } from "./nested-calls.ts";
import { completeOptions, type EngineConfig, type EngineOptions, sameOptions } from "./options.ts";
import { decodeOptions, optionsText } from "./options-body.ts";
import { OWN_HEALTH, OwnHealth } from "./own-health.ts";
import { FAILED, type LostParts, loadParts, readPart } from "./parts/load-parts.ts";
import { type Part, type SavedPart, type Since, versionOf } from "./parts/part.ts";
import { PartDates } from "./parts/part-dates.ts";
import { processKey } from "./process-key.ts";
import { knownValues, Publications } from "./publications.ts";
import { Refusals } from "./refusals.ts";
import type { Refuse } from "./refuse.ts";
import type { SeenKeys } from "./seen-keys.ts";
import { type Service, Services } from "./services.ts";
import { SpanKey } from "./span-key.ts";
import { spanSeconds } from "./span-seconds.ts";
import { checkState, type EngineState, readSeenSizes, SEEN } from "./state.ts";
import { dated } from "./statistics/dated.ts";
import { gauge } from "./statistics/ratio-families.ts";
import type { Entry, Instant, Statistic } from "./statistics/statistic.ts";
import { StatisticSet } from "./statistics/statistic-set.ts";
import { takeUp } from "./statistics/take-up.ts";
import { traceIdText } from "./trace-id.ts";
import { Watermark } from "./watermark.ts";

/** Spans whose places in the table of those seen are looked up ahead of them. */
const TOUCHED_AHEAD = 128;
/** A clock may be ahead of ours by this much before its word is not taken. */
const CLOCK_TOLERANCE_MS = 5_000;

/** Names of parts that others refer to. */
const OPTIONS = "options";
const SERVICES = "services";
const VERDICTS = "verdicts";
const SELF = "self";
const KEPT_TRACES = "kept_traces";
const CANARIES = "canaries";

const COMPLETENESS = "completeness";
/** After a longer time without any record nobody knows what services did. */
const LONGEST_UNWATCHED_MS = 60_000;
const CANARY_METRICS: ReadonlySet<string> = new Set([
  aggregatorMetrics.canary.name,
  aggregatorMetrics.canaryUp.name,
]);
/** Statistics that are further behind their receipt say what was, not what is. */
const CATCHING_UP_MS = 30_000;

/** What an engine does beside its statistics. */
export interface EngineDuties {
  /** Keep the keys of spans seen until they are asked for by `takeSeen`, for a checkpoint. */
  readonly trackSeen?: boolean;
  /** Make the rows of the history. Default false: they cost time, so leave it out if nobody stores them. */
  readonly history?: boolean;
  /** When counting began, Unix ms, if no log has what came before: the first minute of the history is not whole then. */
  readonly sinceMs?: number;
  /** Count for another desk than the aggregator's own, beside its engine. Default: for the own one. */
  readonly beside?: OtherDesk | undefined;
}

/** A desk beside the aggregator's own. */
export interface OtherDesk {
  readonly desk: string;
  /** The spans that the engines of all desks have seen. The own desk's saves it. */
  readonly seen: Dedupe;
}

/**
 * Applies log records, in order, to the statistics. State is a function of the records alone: the engine
 * reads no clock and no randomness, and how spans are cut into records of one time of receipt makes no
 * difference. Its memory has a bound whatever the records hold, and no decoded record makes it throw.
 *
 * A span's way: not seen before? -> what is it? -> when was it? -> the statistics -> what is due to be
 * published?
 */
export class Engine implements MetricSource {
  /** The spans seen, which engines beside this one share. */
  readonly seen: Dedupe;
  readonly #isOwn: boolean;
  readonly #services: Services;
  readonly #refusals: Refusals = new Refusals();
  readonly #clocks: Clocks = new Clocks(
    (notice) => this.#effects.notices.push(notice),
    (fromMs, toMs) => this.#activity.unmark(fromMs, toMs),
  );
  readonly #nested: NestedCalls;
  readonly #keptTraces: KeptTraces = new KeptTraces();
  readonly #watermark: Watermark = new Watermark();
  readonly #activity: Activity = new Activity();
  readonly #key: SpanKey;
  readonly #verdicts: OwnVerdicts;
  readonly #solPrice: SolPrice = new SolPrice();
  readonly #canaries: Canaries = new Canaries();
  /** Of the own desk: the aggregator is no other desk's. */
  readonly #health: OwnHealth | undefined;
  readonly #alerts: Alerts;
  readonly #history: boolean;
  readonly #sinceMs: number;
  readonly #effects: EffectsBuffer;
  readonly #dates: PartDates = new PartDates();
  #lost: LostParts = new Map();
  // Replaced when the options change.
  #options: EngineOptions;
  #calls: CallClassifier;
  #statistics: StatisticSet;
  #publications: Publications;
  #minutes: Minutes;
  // Spans come grouped by service, so the last one is mostly asked for again.
  #refusesFor: string | undefined;
  #refuses: Refuse = () => {};
  // Receipt of the newest record, and of the newest sign of life.
  #receivedMs: number = Number.NEGATIVE_INFINITY;
  #aliveMs: number = Number.NEGATIVE_INFINITY;

  /** @throws SlipstreamError if a window is not a multiple of 5 s. */
  constructor(
    options: EngineConfig = {},
    { trackSeen = false, history = false, sinceMs, beside }: EngineDuties = {},
  ) {
    const all = completeOptions(options);
    const desk = beside?.desk ?? OWN_DESK;
    this.#isOwn = beside === undefined;
    this.#health = this.#isOwn ? new OwnHealth() : undefined;
    this.#key = new SpanKey(saltOf(desk));
    this.#effects = new EffectsBuffer(desk);
    this.#history = history;
    this.#sinceMs = sinceMs ?? Number.NEGATIVE_INFINITY;
    this.#options = all;
    this.#verdicts = new OwnVerdicts(searchWindow(all));
    this.seen = beside?.seen ?? new Dedupe(all.dedupeSpans);
    this.#services = new Services(all.maxServices);
    this.#nested = new NestedCalls(this.seen, saltOf(desk));
    this.#calls = new CallClassifier(all);
    this.#statistics = new StatisticSet(all);
    this.#publications = this.#newPublications();
    this.#minutes = new Minutes(all);
    this.#alerts = new Alerts({
      host: this.#alertHost(),
      summaryHour: () => this.#options.dailySummaryHour,
      days: () => daysIn(this.#statistics),
      benchmarks: () => this.#health?.benchmarks,
    });
    if (trackSeen) this.seen.track();
  }

  /**
   * An engine that continues where the saved one stood. A part that is missing from the state, or that cannot
   * be read, begins with nothing: `lost` says which and why, `since` in what is read says from when on it
   * counts.
   *
   * @param seen all keys that engines have given by `takeSeen` up to the state, in that order; more do no harm
   * @param began since when those parts count whose state does not say it
   * @throws SlipstreamError `state_corrupt` if it is no state
   */
  static restore(
    state: EngineState,
    seen: Iterable<SeenKeys>,
    duties: EngineDuties = {},
    began?: Since,
  ): Engine {
    checkState(state);
    const keys = [...seen];
    const lost: LostParts = new Map();
    for (;;) {
      const engine = Engine.#withParts(state, keys, lost, duties);
      if (engine === undefined) continue;
      engine.#dateParts(state, began);
      if (duties.trackSeen) engine.seen.track();
      return engine;
    }
  }

  /** undefined if a part turned out to be unreadable: `lost` has one more name then. */
  static #withParts(
    { parts }: EngineState,
    keys: readonly SeenKeys[],
    lost: LostParts,
    duties: EngineDuties,
  ): Engine | undefined {
    const options = readPart(OPTIONS, lost, () => (lost.has(OPTIONS) ? {} : savedOptions(parts[OPTIONS])));
    if (options === FAILED) return undefined;
    const engine = new Engine(options, { ...duties, trackSeen: false });
    engine.#lost = new Map(lost);
    const failed = loadParts(engine.#parts(keys), parts, engine.#lost);
    if (failed === undefined) return engine;
    lost.set(failed, engine.#lost.get(failed) ?? "");
    return undefined;
  }

  /** Every part that this version saves, by its name. */
  static get parts(): Readonly<Record<string, Part>> {
    return new Engine().#parts([]);
  }

  /** The options that hold. */
  get options(): EngineOptions {
    return this.#options;
  }

  /**
   * Event time up to which the statistics are complete but for late spans, Unix ms; undefined before the
   * first event.
   */
  get watermarkMs(): number | undefined {
    return this.#watermark.timeMs;
  }

  /** Whether a tick at `nowMs` could move the watermark: it is behind by more than spans may be late. */
  isBehind(nowMs: number): boolean {
    const { timeMs } = this.#watermark;
    return timeMs === undefined || timeMs < nowMs - this.#options.allowedLatenessMs;
  }

  /** Parts that a restored engine began with nothing, and why. */
  get lost(): ReadonlyMap<string, string> {
    return this.#lost;
  }

  /** Receipt of the newest record, Unix ms; -Infinity before the first. */
  get receivedMs(): number {
    return this.#receivedMs;
  }

  /** Receipt of the newest data of a service, Unix ms; -Infinity before the first. */
  get aliveMs(): number {
    return this.#aliveMs;
  }

  /** The newest canaries: trades that test the pipeline, and count as none. */
  get canaries(): Pick<Canaries, "newest"> {
    return this.#canaries;
  }

  /** Applies the next record of the log and gives what came of it. */
  apply({ receivedMs, batch, continues }: EngineRecord): Effects {
    if (batch.kind !== "options") this.#dates.received(receivedMs);
    this.#listen(receivedMs);
    for (const event of this.#nested.settleReceived(receivedMs)) this.#count(event);
    switch (batch.kind) {
      case "traces":
        this.#traces(batch, receivedMs);
        break;
      case "metrics":
        this.#metrics(batch, receivedMs);
        break;
      case "tick":
        this.#tick(receivedMs);
        break;
      case "options":
        this.#reconfigure(batch.options);
        break;
      case "chain":
        this.#judged(this.#verdicts.tell(batch));
        break;
      case "self":
        this.#health?.take(batch, receivedMs);
        break;
      case "rules":
        this.#setRules(batch.rules);
        break;
      case "alert":
        this.#alerted(this.#alerts.command(batch.command, this.#receivedMs));
    }
    if (continues !== true) this.#evaluate(this.#receivedMs, batch.kind === "tick");
    return this.#effects.take();
  }

  /**
   * Evaluates the alerts, if that is due after a record of which nothing may have been this engine's.
   *
   * @param nowMs time of its receipt
   */
  evaluate(nowMs: number): Effects {
    this.#evaluate(Math.max(nowMs, this.#receivedMs));
    return this.#effects.take();
  }

  /** Whether a tick at `nowMs` would change alerts: something waits to be evaluated, or time alone changes something. */
  isAlertDue(nowMs: number): boolean {
    return this.#alerts.isDue(nowMs);
  }

  /** Alerts, silences and rules as they are. */
  get alerts(): AlertsOf {
    return this.#alerts.book;
  }

  /**
   * Rows of the minutes that have not ended, or wait to be amended. To be asked for when nothing more comes: an engine that
   * goes on gives them later, whole.
   *
   * @param nowMs when counting ended, Unix ms
   */
  takeLastRows(nowMs: number): readonly HistoryRow[] {
    if (!this.#history) return [];
    for (const event of this.#nested.settleUpTo(Number.POSITIVE_INFINITY)) this.#count(event);
    return this.#minutes.rest().flatMap((endMs) => this.#minuteRows(endMs, nowMs));
  }

  /**
   * All that it knows but for the keys of the spans seen, which `takeSeen` gives. It changes nothing that can
   * be read, and shares no memory with what goes on changing. Of windows only the panes that changed since
   * the last time are saved again.
   */
  save(): EngineState {
    const parts: Record<string, SavedPart> = {};
    for (const [name, part] of Object.entries(this.#parts([]))) {
      parts[name] = { version: versionOf(part), since: this.#dates.of(name) ?? null, data: part.save() };
    }
    return { parts };
  }

  /**
   * The keys of spans seen since it was last called, or since the engine was made or restored; without those
   * that were forgotten meanwhile. None if the engine does not track them. Together with all that was given
   * before it belongs to what `save` gives at the same time.
   */
  takeSeen(): readonly SeenKeys[] {
    return this.seen.takeAdded();
  }

  /** What a watcher of the chain is to look for: see `OwnVerdicts`. */
  get verdicts(): Pick<
    OwnVerdicts,
    "wanted" | "hasFailed" | "unplaced" | "interestIn" | "watched" | "waiting" | "find" | "explain"
  > {
    return this.#verdicts;
  }

  /** Every statistic at the watermark, the pane that is still open included. */
  current(): CurrentStatistics {
    const { timeMs } = this.#watermark;
    return {
      time: timeMs === undefined ? null : new Date(timeMs).toISOString(),
      statistics: this.#entries(),
      services: this.services(),
    };
  }

  /** What was received of each service, by name. */
  services(): CurrentStatistics["services"] {
    const counts = Object.entries(this.#services.read(this.#dates.of(SERVICES)));
    const behind = this.#clocks.read(this.#receivedMs);
    return Object.fromEntries(
      counts.map(([name, service]) => {
        const clockBehindSeconds = behind.get(name);
        const refusedValues = this.#refusals.of(name);
        const more = {
          ...(clockBehindSeconds === undefined ? {} : { clockBehindSeconds }),
          ...(refusedValues.length === 0 ? {} : { refusedValues }),
        };
        return [name, { ...service, ...more }];
      }),
    );
  }

  /** What is wrong with what services send, by name; without those of which nothing is. */
  troubles(): Readonly<Record<string, ServiceTrouble>> {
    const behind = this.#clocks.read(this.#receivedMs);
    const troubles = Array.from(this.#services, ({ name, spans }): [string, ServiceTrouble] => {
      const clockBehindSeconds = behind.get(name) ?? 0;
      const refused = this.#refusals.of(name).map(({ examples: _, ...kind }) => kind);
      return [
        name,
        {
          ...(spans.clockAhead === 0 ? {} : { clockAhead: spans.clockAhead }),
          ...(clockBehindSeconds === 0 ? {} : { clockBehindSeconds }),
          ...(refused.length === 0 ? {} : { refusedValues: refused }),
        },
      ];
    });
    return Object.fromEntries(troubles.filter(([, trouble]) => Object.keys(trouble).length > 0));
  }

  /**
   * The dashboard's nine values at the watermark, the pane that is still open included; unknown ones are
   * absent.
   */
  values(): DashboardInstant {
    return knownValues(this.#statistics.readDashboard(this.#now()));
  }

  /** Every metric family of the engine, for `/metrics`. */
  collect(): readonly MetricFamily[] {
    const instant = this.#now();
    const { timeMs } = this.#watermark;
    return [
      ...this.#statistics.collect(instant),
      ...this.#services.collect(),
      ...this.#refusals.collect(),
      ...this.#clocks.collect(this.#receivedMs),
      ...this.#alerts.collect(),
      ...this.#canaries.collect(this.#receivedMs),
      ...(this.#health?.collect(this.#receivedMs) ?? []),
      gauge(aggregatorMetrics.watermark, timeMs === undefined ? undefined : timeMs / 1_000),
    ];
  }

  #traces({ spans, refusals }: TracesBatch, receivedMs: number): void {
    this.#refuse(refusals);
    for (let i = 0; i < spans.length; i += 1) {
      if (i % TOUCHED_AHEAD === 0) this.#touchSeen(spans, i);
      const span = spans[i] as Span;
      if (span.resource.service !== AGGREGATOR_SERVICE) this.#span(span, receivedMs);
    }
  }

  #touchSeen(spans: readonly Span[], from: number): void {
    const to = Math.min(from + TOUCHED_AHEAD, spans.length);
    for (let i = from; i < to; i += 1) this.seen.touch(this.#key.ofSpan(spans[i] as Span));
  }

  #span(span: Span, receivedMs: number): void {
    if (this.#isCanary(span)) {
      this.#canary(span, receivedMs);
      return;
    }
    const service = this.#services.of(span.resource);
    const key = this.#key.ofSpan(span);
    if (this.seen.find(key) >= 0) {
      service.spans.duplicate += 1;
      return;
    }
    const isTrade = span.name === spanName.tradeExecute;
    const call = isTrade ? undefined : this.#calls.classify(span);
    const mark = call === undefined ? 0 : callMark[call.kind];
    this.seen.add(key, mark);
    const refuse = this.#refuseOf(service);
    this.#services.receive(span, receivedMs, refuse);
    this.#keptTraces.take(span);
    const counted = call !== undefined && this.#nested.claim(key, mark);

    const trade = isTrade ? tradeOf(span, service.name, refuse) : undefined;
    const live = trade === undefined || trade.source === "live";
    const timeMs = live ? this.#eventTime(span, service, receivedMs) : span.endMs;
    const inWindow = live && this.#place(span.resource, timeMs, service, receivedMs);
    if (counted) return;
    const operation = call?.operation ?? shortName(span.name);
    const mostSeconds = call === undefined ? Number.POSITIVE_INFINITY : limits.latencyMs / 1_000;
    const seconds = trade === undefined ? spanSeconds(span, mostSeconds, refuse) : trade.seconds;
    const { name } = service;
    const event: SpanEvent = {
      timeMs,
      live,
      inWindow,
      operation,
      service: name,
      seconds,
      trade,
      call,
      span,
      kept: false,
    };
    if (trade !== undefined) {
      if (this.#history) {
        this.#effects.rows.push(tradeRow(span, { timeMs, live, seconds, trade }));
      }
      const solUsd = this.#solPrice.of(span, trade, timeMs);
      if (trade.status === "failed" && inWindow && this.#alerts.isOn)
        this.#alerts.failed(failedTradeOf(span, trade, timeMs));
      const own = mevTradeOf(span, { trade, timeMs, inWindow }, solUsd);
      if (own !== undefined) this.#verdicts.add(own);
    }
    const ready = call === undefined ? event : this.#nested.take(event, span, mark, receivedMs);
    if (ready !== undefined) this.#count(ready);
  }

  /** Whatever it says but that it is none: a canary must be in no statistic. */
  #isCanary(span: Span): boolean {
    const value = span.attributes[attribute.slipstreamCanary];
    if (value !== undefined) return value !== false;
    return span.resource.service === DOCTOR_SERVICE || this.#canaries.hasTrace(span);
  }

  /** What a process numbers, it has ended: without it, its completeness would be wrong. */
  #canary(span: Span, receivedMs: number): void {
    const { attributes, resource } = span;
    const value = attributes[attribute.slipstreamCanary];
    const isNumbered =
      attributes[attribute.slipstreamSeq] !== undefined && resource.service !== DOCTOR_SERVICE;
    const isWrong = value !== undefined && typeof value !== "boolean";
    const service = isNumbered || isWrong ? this.#services.of(resource) : undefined;
    const key = this.#key.ofSpan(span);
    if (this.seen.find(key) >= 0) {
      if (service !== undefined) service.spans.duplicate += 1;
      return;
    }
    this.seen.add(key, 0);
    if (service !== undefined) {
      const refuse = this.#refuseOf(service);
      this.#services.receive(span, receivedMs, refuse);
      if (isWrong) refuse(attribute.slipstreamCanary, "unknown_word", value);
    }
    const { canary, notice } = this.#canaries.take(span, receivedMs);
    if (notice !== undefined) this.#effects.notices.push(notice);
    if (canary === undefined) return;
    this.#effects.canaries.push(canary);
    if (this.#history) this.#effects.rows.push(canaryRow(canary));
  }

  #refuseOf({ name: service }: Service): Refuse {
    if (service === this.#refusesFor) return this.#refuses;
    this.#refusesFor = service;
    this.#refuses = (name, reason, value) => {
      const notice = this.#refusals.add(service, name, reason, value);
      if (notice !== undefined) this.#effects.notices.push(notice);
    };
    return this.#refuses;
  }

  /** The span's end by our clock. Counts the spans that are placed elsewhere than they say. */
  #eventTime({ resource, endMs }: Span, service: Service, receivedMs: number): number {
    const timeMs = this.#byOurClock(resource, service, endMs, receivedMs);
    if (isAhead(endMs, receivedMs)) service.spans.clockAhead += 1;
    else if (timeMs !== endMs) service.spans.clockBehind += 1;
    return timeMs;
  }

  /** A time of the service's by our clock, as far as its own is known to be wrong. Its receipt if its clock was ahead. */
  #byOurClock(resource: Resource, { name }: Service, timeMs: number, receivedMs: number): number {
    if (isAhead(timeMs, receivedMs)) return receivedMs;
    const behindMs = this.#clocks.observe(resource, name, timeMs, receivedMs);
    return behindMs === 0 ? timeMs : Math.min(timeMs + behindMs, receivedMs);
  }

  /** Ticks come every few seconds, so without any record the aggregator was down, or its clock jumped. */
  #listen(receivedMs: number): void {
    const passedMs = receivedMs - this.#receivedMs;
    if (passedMs > LONGEST_UNWATCHED_MS && Number.isFinite(passedMs)) this.#statistics.unwatched(passedMs);
    if (passedMs > 0) this.#receivedMs = receivedMs;
  }

  /**
   * Moves time on by a live span. Says whether the span belongs in the windows, and not in the totals only.
   */
  #place(resource: Resource, timeMs: number, service: Service, receivedMs: number): boolean {
    this.#hear(resource, service, timeMs, receivedMs);
    service.clock.span(timeMs, receivedMs);
    this.#follow(service);
    if (this.#publications.isLate(timeMs)) service.spans.late += 1;
    if (this.#publications.isTooLate(timeMs)) return false;
    this.#markAlive(timeMs);
    return true;
  }

  #metrics({ points, resources, refusals }: MetricsBatch, receivedMs: number): void {
    this.#refuse(refusals);
    const dated: Set<string> = new Set();
    for (const point of points) {
      if (point.resource.service === AGGREGATOR_SERVICE) continue;
      if (CANARY_METRICS.has(point.name)) {
        this.#canaries.takePoint(point, receivedMs);
        continue;
      }
      if (point.resource.service === DOCTOR_SERVICE) continue;
      dated.add(point.resource.service);
      this.#point(point, receivedMs);
    }
    for (const resource of resources) {
      const { service } = resource;
      if (service === AGGREGATOR_SERVICE || service === DOCTOR_SERVICE || dated.has(service)) continue;
      // Only its receipt tells the time.
      this.#hear(resource, this.#services.of(resource), receivedMs, receivedMs);
      if (!this.#publications.isLate(receivedMs)) this.#activity.mark(receivedMs);
    }
  }

  #point(point: MetricPoint, receivedMs: number): void {
    const { resource, name } = point;
    const service = this.#services.of(resource);
    const timeMs = this.#byOurClock(resource, service, point.timeMs, receivedMs);
    this.#hear(resource, service, timeMs, receivedMs);
    service.clock.point(timeMs, receivedMs);
    if (this.#publications.isTooLate(timeMs)) return;
    this.#markAlive(timeMs);
    const value = pointValue(point, this.#refuseOf(service));
    this.#statistics.observePoint({ timeMs, name, process: processKey(resource), ...value });
  }

  #tick(nowMs: number): void {
    for (const service of this.#services) {
      if (!service.clock.isQuietAt(nowMs)) continue;
      service.clock.raise(nowMs - Math.max(this.#options.allowedLatenessMs, service.clock.waitMs));
      this.#follow(service);
    }
    this.#judged(this.#verdicts.tick());
    this.#publications.tick(nowMs, this.#effects.publications);
    this.#recordMinutes(this.#minutes.tick(nowMs));
  }

  /** Instants are amended if a verdict in them changes what the dashboard shows. */
  #judged(events: readonly VerdictEvent[]): void {
    for (const event of events) {
      this.#statistics.observeVerdict(event);
      this.#effects.verdicts.push(event);
      this.#alerts.judged(event);
      if (this.#history) this.#effects.rows.push(verdictRow(event, this.#receivedMs));
      const { trade, now, before } = event;
      if (trade.inWindow && attackOf(now) !== attackOf(before)) this.#publications.touch(trade.timeMs);
    }
  }

  #setRules(rules: readonly Rule[]): void {
    this.#alerted(this.#alerts.setRules(rules, this.#receivedMs));
    this.#provideForAlerts();
  }

  /** Has what rules read be counted, beside the usual statistics. */
  #provideForAlerts(): void {
    const needs = { windows: this.#alerts.windows, days: this.#alerts.awaits("daily_summary") };
    provide(needs, this.#statistics, this.#options, (statistic) => this.#tellStanding(statistic));
  }

  #evaluate(nowMs: number, isTick = false): void {
    this.#alerted(this.#alerts.evaluate(() => this.#evaluationTime(nowMs), nowMs, isTick));
  }

  /**
   * A backlog is worked off while data comes and what it is about is long past. Not in a silence: then the time of the statistics
   * stands still, and what fires is as true as ever.
   */
  #evaluationTime(nowMs: number): EvaluationTime {
    const { timeMs } = this.#watermark;
    const heard = nowMs - this.#aliveMs <= FRESH_MS;
    const catchingUp = heard && timeMs !== undefined && nowMs - timeMs > CATCHING_UP_MS;
    return { nowMs, eventMs: timeMs, catchingUp };
  }

  #alerted(transitions: readonly Transition[]): void {
    for (const transition of transitions) {
      this.#effects.alerts.push(transition);
      if (this.#history) this.#effects.rows.push(alertRow(transition));
    }
  }

  #alertHost(): AlertHost {
    return {
      partOf: (statistic) => {
        if (statistic === COMPLETENESS) return SERVICES;
        if (CANARY_STATISTICS.has(statistic)) return CANARIES;
        if (OWN_HEALTH.has(statistic)) return this.#isOwn ? SELF : undefined;
        return this.#statistics.nameOf(statistic, this.#now());
      },
      read: (part, seconds, wanted) => {
        if (part === SERVICES) {
          const window = seconds === null ? undefined : { seconds, nowMs: this.#receivedMs };
          return { [COMPLETENESS]: { series: this.#services.completeness(window) } };
        }
        if (part === CANARIES) return this.#canaries.read(this.#receivedMs);
        if (part === SELF) return this.#health?.read(this.#receivedMs) ?? {};
        const { parts, more } = this.#statistics;
        const statistic = seconds === null ? parts[`statistics.${part}`] : more.get(keyOf({ part, seconds }));
        return statistic?.read({ ...this.#now(), wanted }) ?? {};
      },
      families: (part) => this.#statistics.parts[`statistics.${part}`]?.collect(this.#now()) ?? [],
    };
  }

  /** What a new statistic will take back when it changes, it must have counted. */
  #tellStanding(statistic: Statistic): void {
    for (const { trade, told } of this.#verdicts.standing())
      statistic.observeVerdict?.({ trade, now: told, before: undefined });
  }

  #refuse(refusals: TracesBatch["refusals"]): void {
    for (const { resource, count } of refusals) {
      const { service } = resource;
      if (service === AGGREGATOR_SERVICE || service === DOCTOR_SERVICE) continue;
      this.#services.of(resource).spans.refused += count;
    }
  }

  #hear(resource: Resource, { clock, name }: Service, timeMs: number, receivedMs: number): void {
    clock.hear(receivedMs);
    this.#statistics.hear(resource, name, timeMs, receivedMs, this.#clocks.isKnown);
    this.#aliveMs = Math.max(this.#aliveMs, receivedMs);
  }

  #markAlive(timeMs: number): void {
    this.#activity.mark(timeMs);
    this.#publications.touch(timeMs);
  }

  /** Lets the watermark follow a service, and publishes what is due then. */
  #follow(service: Service): void {
    const watermarkMs = this.#watermark.follow(service.clock);
    if (watermarkMs === undefined) return;
    const boundaryMs = this.#publications.due(watermarkMs);
    if (boundaryMs === undefined) return;
    for (const event of this.#nested.settleUpTo(boundaryMs)) this.#count(event);
    this.#publications.publishThrough(boundaryMs, this.#effects.publications);
    this.#recordMinutes(this.#minutes.through(boundaryMs));
    const { amendmentSeconds, rateWindowSeconds } = this.#options;
    this.#activity.advance(boundaryMs - (amendmentSeconds + rateWindowSeconds) * 1_000);
    this.#statistics.advance(boundaryMs);
    for (const event of this.#keptTraces.settle(boundaryMs)) this.#statistics.exemplify(event);
  }

  #count(event: SpanEvent): void {
    if (event.inWindow) {
      this.#publications.touch(event.timeMs);
      this.#minutes.touch(event.timeMs);
    }
    event.kept = this.#keptTraces.has(event.span);
    this.#statistics.observe(event);
    if (event.kept || !event.live) return;
    const settled = this.#keptTraces.wait(event);
    if (settled !== undefined) this.#statistics.exemplify(settled);
  }

  #recordMinutes(ends: readonly number[]): void {
    if (!this.#history) return;
    for (const endMs of ends) this.#effects.rows.push(...this.#minuteRows(endMs, endMs));
  }

  #minuteRows(endMs: number, toMs: number): readonly HistoryRow[] {
    return this.#statistics.minuteRows(minuteUpTo(endMs, { fromMs: this.#sinceMs, toMs }));
  }

  /** What was published stays as it is. Windows keep what was counted by the rules that still apply. */
  #reconfigure(options: EngineOptions): void {
    if (sameOptions(options, this.#options)) return;
    this.#publications.fix(this.#effects.publications);
    this.#recordMinutes(this.#minutes.fix());
    const publications = this.#publications.save();
    const minutes = this.#minutes.save();
    const before = this.#statistics;
    this.#options = options;
    this.#verdicts.window = searchWindow(options);
    this.seen.resize(options.dedupeSpans);
    this.#services.limit = options.maxServices;
    this.#calls = new CallClassifier(options);
    this.#statistics = new StatisticSet(options);
    for (const [name, statistic] of Object.entries(this.#statistics.parts)) {
      const old = before.parts[name];
      if (old !== undefined) takeUp(statistic, old, (begun) => this.#tellStanding(begun));
    }
    carryOver(before, this.#statistics, options);
    this.#publications = this.#newPublications();
    this.#publications.load(publications);
    this.#minutes = new Minutes(options);
    this.#minutes.load(minutes);
  }

  #newPublications(): Publications {
    return new Publications(this.#options, this.#activity, (instant) =>
      this.#statistics.readDashboard(instant),
    );
  }

  /** Everything that is saved, by its name. A name must not change, nor be given to another part. */
  #parts(keys: readonly SeenKeys[]): Readonly<Record<string, Part>> {
    return {
      // Read before anything else is made.
      [OPTIONS]: { save: () => optionsText(this.#options), load: () => undefined },
      ...(this.#isOwn && {
        [SEEN]: {
          save: () => ({ ...this.seen.sizes }),
          load: (saved: Saved) => this.seen.loadKeys(readSeenSizes(saved), keys),
        },
      }),
      receipt: {
        save: () => ({ receivedMs: this.#receivedMs, aliveMs: this.#aliveMs }),
        load: (saved) => {
          const fields = new SavedFields("saved times of receipt", saved);
          this.#receivedMs = fields.number("receivedMs");
          this.#aliveMs = fields.number("aliveMs");
        },
      },
      [SERVICES]: this.#services,
      refusals: this.#refusals,
      clocks: this.#clocks,
      nested: this.#nested,
      [KEPT_TRACES]: this.#keptTraces,
      watermark: this.#watermark,
      activity: this.#activity,
      publications: this.#publications,
      minutes: this.#minutes,
      [VERDICTS]: this.#verdicts,
      solPrice: this.#solPrice,
      [CANARIES]: this.#canaries,
      ...(this.#health !== undefined && { [SELF]: this.#health }),
      ...this.#statistics.parts,
      alert_statistics: alertStatistics(this.#statistics, this.#options),
      alerts: this.#alerts.book,
      alert_evaluation: this.#alerts.evaluation,
    };
  }

  #dateParts({ parts }: EngineState, began: Since | undefined): void {
    const [lost, receivedMs] = [this.#lost, this.#receivedMs];
    this.#dates.restore(Object.keys(this.#parts([])), parts, { lost, receivedMs, began });
    for (const [name, statistic] of Object.entries(this.#statistics.parts)) {
      if (lost.has(name)) this.#tellStanding(statistic);
      if (lost.has(KEPT_TRACES)) statistic.forgetExemplars?.();
    }
    this.#provideForAlerts();
  }

  /** Every statistic, by its name in `/api/current`. */
  #entries(): Record<string, Entry> {
    const completeness: Entry = { series: this.#services.completeness() };
    const since = this.#dates.of(SERVICES);
    const canariesSince = this.#dates.of(CANARIES);
    const canaries = Object.entries(this.#canaries.read(this.#receivedMs)).map(([name, entry]) => [
      name,
      canariesSince === undefined ? entry : dated(entry, canariesSince),
    ]);
    return {
      ...this.#statistics.read(this.#now(), (name) => this.#dates.of(name)),
      [COMPLETENESS]: since === undefined ? completeness : dated(completeness, since),
      ...this.#health?.read(this.#receivedMs),
      ...Object.fromEntries(canaries),
    };
  }

  #now(): Instant {
    const { timeMs = 0 } = this.#watermark;
    const boundaryMs = boundaryAtOrAfter(timeMs);
    const heard = this.#receivedMs - this.#aliveMs <= FRESH_MS;
    const live = heard && this.#activity.liveAt(boundaryMs);
    const windowMs = this.#options.rateWindowSeconds * 1_000;
    const liveSinceMs = this.#activity.liveSince(boundaryMs, boundaryMs - windowMs);
    const receivedMs = this.#receivedMs;
    return { boundaryMs, coveredMs: timeMs, receivedMs, live, liveSinceMs, newest: true };
  }
}

function failedTradeOf(span: Span, { failure }: Trade, timeMs: number): FailedTrade {
  const signature = nameIn(span.attributes[attribute.solanaSignature]) ?? "";
  return { traceId: traceIdText(span), signature, reason: failure ?? "unknown", timeMs };
}

function searchWindow({ sandwichWindowMs: windowMs, slotMs }: EngineOptions): SearchWindow {
  return { windowMs, slotMs };
}

/** @throws TypeError if it is something else */
function savedOptions(saved: SavedPart | undefined): Partial<EngineOptions> {
  if (saved === undefined) return {};
  if (typeof saved.data !== "string") throw new TypeError("Not saved options: no text");
  try {
    return decodeOptions(Buffer.from(saved.data));
  } catch (cause) {
    if (cause instanceof SlipstreamError) throw new TypeError(cause.message, { cause });
    throw cause;
  }
}

function isAhead(timeMs: number, receivedMs: number): boolean {
  return timeMs > receivedMs + CLOCK_TOLERANCE_MS;
}

/** Which attack a verdict counts as; undefined if it is none. */
function attackOf(verdict: VerdictEvent["before"]): string | undefined {
  const kind = verdict?.verdict;
  return kind === "avoided" || kind === "impacted" ? kind : undefined;
}
