import { aggregatorMetrics } from "@slipstream/conventions";
import type { MetricFamily } from "@slipstream/exposition";
import type { AttributeValue } from "@slipstream/otlp/decode";
import { type Savable, type Saved, SavedFields } from "@slipstream/stats";
import type { RefusedValue } from "./model.ts";
import type { Notice } from "./notice.ts";
import type { RefusalReason } from "./refuse.ts";

/** Examples that are kept of the values of one kind. */
const MOST_EXAMPLES = 8;
const LONGEST_EXAMPLE = 64;

interface Refused {
  // Kept, for whoever writes `/metrics` looks whether the labels are still the same.
  readonly labels: { readonly service: string; readonly attribute: string; readonly reason: RefusalReason };
  count: number;
  /** Different ones, the first that came. */
  readonly examples: string[];
}

/**
 * The values that were not counted, by service, attribute and reason. The names of services are bounded, and attributes and
 * reasons are Slipstream's own.
 */
export class Refusals implements Savable {
  // Of one service there are few, so they are looked through.
  readonly #kinds: Map<string, Refused[]> = new Map();

  /** Counts a value. @returns what is to be reported of it: the first of its kind, and of words the first of each */
  add(
    service: string,
    attribute: string,
    reason: RefusalReason,
    value: AttributeValue | undefined,
  ): Notice | undefined {
    const refused = this.#kind(service, attribute, reason);
    refused.count += 1;
    const example = value === undefined || value === null ? undefined : exampleOf(value);
    const isFirst = refused.count === 1;
    if (example === undefined)
      return isFirst ? { kind: "refused", service, attribute, reason, value: null } : undefined;
    const { examples } = refused;
    if (examples.length >= MOST_EXAMPLES || examples.includes(example)) return undefined;
    examples.push(example);
    // Numbers differ each time: one of them is enough.
    if (reason !== "unknown_word" && !isFirst) return undefined;
    return { kind: "refused", service, attribute, reason, value: example };
  }

  /** Those of a service, the most frequent first. */
  of(service: string): RefusedValue[] {
    return [...(this.#kinds.get(service) ?? [])]
      .sort((a, b) => b.count - a.count)
      .map(({ labels: { attribute, reason }, count, examples }) => ({
        attribute,
        reason,
        count,
        examples: [...examples],
      }));
  }

  collect(): MetricFamily[] {
    const kinds = [...this.#kinds.values()].flat();
    const samples = kinds.map(({ labels, count }) => ({ labels, value: count }));
    return [{ definition: aggregatorMetrics.valuesRefused, samples }];
  }

  save(): Saved {
    const kinds = [...this.#kinds.values()].flat();
    return {
      services: kinds.map(({ labels }) => labels.service),
      attributes: kinds.map(({ labels }) => labels.attribute),
      reasons: kinds.map(({ labels }) => labels.reason),
      counts: Float64Array.from(kinds, ({ count }) => count),
      examples: kinds.map(({ examples }) => [...examples]),
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved refusals", saved);
    const attributes = fields.texts("attributes");
    const reasons = fields.texts("reasons");
    const services = fields.texts("services");
    const counts = fields.doubles("counts", services.length);
    const examples = fields.list("examples");
    if ([attributes, reasons, examples].some(({ length }) => length !== services.length))
      throw new TypeError("Not saved refusals: lists of different lengths");
    for (const [i, service] of services.entries()) {
      const refused = this.#kind(service, attributes[i] ?? "", reasons[i] as RefusalReason);
      refused.count = counts[i] ?? 0;
      const texts = new SavedFields("saved refusals", { examples: examples[i] }).texts("examples");
      refused.examples.push(...texts);
    }
  }

  #kind(service: string, attribute: string, reason: RefusalReason): Refused {
    const kinds = this.#kinds.get(service) ?? [];
    const known = kinds.find(({ labels }) => labels.attribute === attribute && labels.reason === reason);
    if (known !== undefined) return known;
    const refused: Refused = { labels: { service, attribute, reason }, count: 0, examples: [] };
    kinds.push(refused);
    this.#kinds.set(service, kinds);
    return refused;
  }
}

function exampleOf(value: NonNullable<AttributeValue>): string {
  const text = String(value).replace(/\p{Surrogate}/gu, "\ufffd");
  // Through a buffer, for a slice would keep all of the text in memory.
  return text.length <= LONGEST_EXAMPLE
    ? text
    : `${Buffer.from(text.slice(0, LONGEST_EXAMPLE)).toString()}...`;
}
