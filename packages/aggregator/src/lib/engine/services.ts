import { aggregatorMetrics, attribute } from "@slipstream/conventions";
import type { MetricFamily } from "../exposition/model.ts";
import type { Resource, Span } from "../otlp/model.ts";
import { finite, shortName } from "./attributes.ts";
import { Completeness, CompletenessAccount } from "./completeness.ts";
import type { ServiceCounts } from "./model.ts";
import { ServiceClock } from "./watermark.ts";

/** Where the spans of services beyond the limit are counted. */
export const OTHER_SERVICES = "other";

/** What is counted of one service. */
export class Service {
  readonly name: string;
  readonly clock: ServiceClock = new ServiceClock();
  readonly completeness: CompletenessAccount = new CompletenessAccount();
  /** Distinct spans. */
  received = 0;
  /** Spans seen before. */
  duplicate = 0;
  /** Those of the received that came after their instant had been published. */
  late = 0;
  /** Items that could not be read. */
  refused = 0;
  /** Those of the received that ended more than 5 s after their receipt. */
  clockAhead = 0;

  constructor(name: string) {
    this.name = name;
  }

  read(): ServiceCounts {
    const { received, duplicate, late, refused, clockAhead } = this;
    return { received, duplicate, late, refused, clockAhead, ...this.completeness.read() };
  }
}

/** The services that were heard of, within a bound. */
export class Services {
  readonly #limit: number;
  readonly #services: Map<string, Service> = new Map();
  readonly #completeness: Completeness = new Completeness();
  // Spans come grouped by resource, so the last one is mostly asked for again.
  #lastResource: Resource | undefined;
  #last: Service = new Service(OTHER_SERVICES);
  #lastProcess = "";

  /** @param limit services told apart, beside "other" */
  constructor(limit: number) {
    this.#limit = limit;
  }

  [Symbol.iterator](): Iterator<Service> {
    return this.#services.values();
  }

  of(resource: Resource): Service {
    if (resource !== this.#lastResource) {
      this.#lastResource = resource;
      this.#last = this.#named(shortName(resource.service));
      this.#lastProcess = processKey(resource);
    }
    return this.#last;
  }

  /** Counts a span that was not seen before. */
  receive(span: Span, receivedMs: number): void {
    const service = this.of(span.resource);
    service.received += 1;
    const number = finite(span.attributes[attribute.slipstreamSeq]);
    if (number === undefined || number < 1 || !Number.isSafeInteger(number)) return;
    this.#completeness.count(service.completeness, this.#lastProcess, number, receivedMs);
  }

  read(): Record<string, ServiceCounts> {
    return Object.fromEntries(
      Array.from(this.#services.values(), (service) => [service.name, service.read()]),
    );
  }

  collect(): MetricFamily[] {
    const counts = Object.entries(this.read());
    const spans = counts.flatMap(([service, { received, duplicate, late, refused }]) =>
      Object.entries({ received, duplicate, late, refused }).map(([state, value]) => ({
        labels: { service, state },
        value,
      })),
    );
    const completeness = counts.flatMap(([service, { completeness: value }]) =>
      value === null ? [] : [{ labels: { service }, value }],
    );
    return [
      { definition: aggregatorMetrics.spans, samples: spans },
      { definition: aggregatorMetrics.completeness, samples: completeness },
    ];
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

/** A process instance in one string, for tables. The length keeps two different pairs from being one string. */
export function processKey({ service, instance }: Resource): string {
  return `${service.length}:${shortName(service)}${shortName(instance)}`;
}
