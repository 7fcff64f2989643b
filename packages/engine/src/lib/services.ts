import { aggregatorMetrics, attribute } from "@slipstream/conventions";
import type { Labels, MetricFamily } from "@slipstream/exposition";
import type { Resource, Span } from "@slipstream/otlp/decode";
import { type Savable, type Saved, SavedFields } from "@slipstream/stats";
import { finite, shortName } from "./attributes.ts";
import { Completeness, CompletenessAccount, type ProcessName, withRecent } from "./completeness.ts";
import type { LabelledStatisticValue, ServiceCounts } from "./model.ts";
import type { Migrations, Part, Since } from "./parts/part.ts";
import { processKey } from "./process-key.ts";
import type { Refuse } from "./refuse.ts";
import { ServiceClock } from "./watermark.ts";

/** Where the spans of services beyond the limit are counted. */
export const OTHER_SERVICES = "other";

const SPAN_STATES = ["received", "duplicate", "late", "refused"] as const;
type Counter = (typeof SPAN_STATES)[number] | "clockAhead" | "clockBehind";
const COUNTERS: readonly Counter[] = [...SPAN_STATES, "clockAhead", "clockBehind"];

/** What is counted of one service. */
export class Service implements Savable {
  readonly name: string;
  // Kept, for whoever writes `/metrics` looks whether the labels are still the same.
  readonly labels: Labels;
  readonly stateLabels: readonly Labels[];
  readonly clock: ServiceClock = new ServiceClock();
  readonly completeness: CompletenessAccount = new CompletenessAccount();
  /** See `ServiceCounts`. */
  readonly spans: Record<Counter, number> = {
    received: 0,
    duplicate: 0,
    late: 0,
    refused: 0,
    clockAhead: 0,
    clockBehind: 0,
  };

  constructor(name: string) {
    this.name = name;
    this.labels = { service: name };
    this.stateLabels = SPAN_STATES.map((state) => ({ service: name, state }));
  }

  /** Without the gaps. */
  counts(): ServiceCounts {
    return { ...this.spans, ...this.completeness.read() };
  }

  read(): ServiceCounts {
    const gaps = this.completeness.gaps();
    return gaps.length === 0 ? this.counts() : { ...this.counts(), gaps };
  }

  save(): Saved {
    const { name, spans, clock, completeness } = this;
    return { name, ...spans, clock: clock.save(), completeness: completeness.save() };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("a saved service", saved);
    for (const counter of COUNTERS) {
      // Earlier versions placed spans of a clock that was behind as they were, and did not count them.
      if (counter === "clockBehind" && !Object.hasOwn(Object(saved), counter)) continue;
      this.spans[counter] = fields.number(counter);
    }
    this.clock.load(fields.any("clock"));
    this.completeness.load(fields.any("completeness"));
  }
}

/** The services that were heard of, within a bound. */
export class Services implements Part {
  readonly version = 2;
  readonly migrations: Migrations = { 1: withRecent };
  #limit: number;
  readonly #services: Map<string, Service> = new Map();
  readonly #completeness: Completeness = new Completeness();
  // Spans come grouped by resource, so the last one is mostly asked for again.
  #lastResource: Resource | undefined;
  #last: Service = new Service(OTHER_SERVICES);
  #lastProcess: ProcessName = { key: "", instance: "" };

  /** @param limit services told apart, beside "other" */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Services told apart from now on, beside "other". A lower one makes no service forgotten. */
  set limit(limit: number) {
    this.#limit = limit;
    // The last one may have been "other", and be told apart now.
    this.#lastResource = undefined;
  }

  [Symbol.iterator](): Iterator<Service> {
    return this.#services.values();
  }

  of(resource: Resource): Service {
    if (resource !== this.#lastResource) {
      this.#lastResource = resource;
      this.#last = this.#named(shortName(resource.service));
      this.#lastProcess = { key: processKey(resource), instance: shortName(resource.instance) };
    }
    return this.#last;
  }

  /** Counts a span that was not seen before. */
  receive(span: Span, receivedMs: number, refuse: Refuse): void {
    const service = this.of(span.resource);
    service.spans.received += 1;
    const value = span.attributes[attribute.slipstreamSeq];
    if (value === undefined) return;
    const number = finite(value);
    if (number === undefined || number < 1 || !Number.isSafeInteger(number)) {
      refuse(attribute.slipstreamSeq, number === undefined ? "wrong_type" : "implausible", value);
      return;
    }
    this.#completeness.count(service.completeness, this.#lastProcess, number, receivedMs);
  }

  /** @param since since when they count */
  read(since?: Since): Record<string, ServiceCounts> {
    const dated = since && { since: since.exact ? new Date(since.ms).toISOString() : null };
    return Object.fromEntries(
      Array.from(this.#services.values(), (service) => [service.name, { ...service.read(), ...dated }]),
    );
  }

  /**
   * How much of what each service sent has come, percent of its spans.
   *
   * @param window of those that ended in it; absent: of all
   */
  completeness(window?: {
    readonly seconds: number;
    /** Time of receipt, Unix ms. */
    readonly nowMs: number;
  }): readonly LabelledStatisticValue[] {
    return Array.from(this.#services.values(), ({ labels, completeness: account }) => {
      const { completeness, ended, reason, seconds } =
        window === undefined
          ? { ...account.read(), seconds: null }
          : account.readRecent(window.seconds, window.nowMs);
      const value = completeness === null ? null : 100 * completeness;
      const entry = { labels, value, unit: "%", count: ended ?? 0, windowSeconds: seconds };
      return reason === undefined ? entry : { ...entry, reason };
    });
  }

  collect(): MetricFamily[] {
    const services = Array.from(this.#services.values(), (service) => ({
      service,
      counts: service.counts(),
    }));
    const spans = services.flatMap(({ service, counts }) =>
      SPAN_STATES.map((state, i) => ({
        labels: service.stateLabels[i] ?? service.labels,
        value: counts[state],
      })),
    );
    const known = (name: "completeness" | "missing") =>
      services.flatMap(({ service: { labels }, counts: { [name]: value } }) =>
        value === null ? [] : [{ labels, value }],
      );
    const totals = (name: "ended" | "arrived") =>
      services.flatMap(({ service: { labels, completeness } }) => {
        const { [name]: value, ended } = completeness.recent.totals;
        return ended === 0 ? [] : [{ labels, value }];
      });
    return [
      { definition: aggregatorMetrics.spans, samples: spans },
      { definition: aggregatorMetrics.completeness, samples: known("completeness") },
      { definition: aggregatorMetrics.missingSpans, samples: known("missing") },
      { definition: aggregatorMetrics.spansEnded, samples: totals("ended") },
      { definition: aggregatorMetrics.spansArrived, samples: totals("arrived") },
    ];
  }

  save(): Saved {
    const services = [...this.#services.values()];
    const accounts = services.map(({ completeness }) => completeness);
    return {
      services: services.map((service) => service.save()),
      processes: this.#completeness.save(accounts),
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved services", saved);
    for (const each of fields.list("services")) {
      const service = new Service(new SavedFields("a saved service", each).text("name"));
      service.load(each);
      this.#services.set(service.name, service);
    }
    const accounts = Array.from(this.#services.values(), ({ completeness }) => completeness);
    this.#completeness.load(fields.any("processes"), accounts);
  }

  #named(name: string): Service {
    const known = this.#services.get(name);
    if (known !== undefined) return known;
    const told = this.#services.size < this.#limit ? name : OTHER_SERVICES;
    const service = this.#services.get(told) ?? new Service(told);
    this.#services.set(told, service);
    return service;
  }
}
