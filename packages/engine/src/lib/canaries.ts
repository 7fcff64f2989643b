import {
  aggregatorMetrics,
  CANARY_SECONDS,
  type CanaryPart,
  canaryParts,
  DOCTOR_SERVICE,
  spanName,
} from "@slipstream/conventions";
import type { MetricFamily } from "@slipstream/exposition";
import type { MetricPoint, Span } from "@slipstream/otlp/decode";
import { type Saved, SavedFields } from "@slipstream/stats";
import { shortName } from "./attributes.ts";
import type { TraceId } from "./event.ts";
import type { LabelledStatisticValue } from "./model.ts";
import type { Notice } from "./notice.ts";
import type { Part } from "./parts/part.ts";
import type { Entry } from "./statistics/statistic.ts";
import { traceIdText } from "./trace-id.ts";

/** Statistics about canaries. */
export const CANARY_STATISTICS: ReadonlySet<string> = new Set([
  "canary_seconds",
  "canary_up",
  "canary_spans",
]);

/** Canaries that are kept of the doctor, and of all others. */
const MOST_KEPT = 32;
/** Canaries of either that are kept of those received in one second; the rest is counted only. */
const MOST_IN_A_SECOND = 10;
/** Services told apart, beside "other". */
const MOST_SERVICES = 32;
const OTHER = "other";

const MS = 1_000;

/** A trade that was sent to test the pipeline. */
export interface Canary {
  readonly traceId: string;
  readonly service: string;
  /** End of its span by the clock of whoever sent it, Unix ms. */
  readonly endMs: number;
  /** Unix ms. */
  readonly receivedMs: number;
  /** Absent: the aggregator's own desk. */
  readonly desk?: string;
}

/** What is known of a part of the pipeline. */
interface Passage {
  /** Seconds that the newest canary took to it; null: not known, for it did not come or a clock is wrong. */
  seconds: number | null;
  /** null: nothing says whether canaries come to it. */
  up: boolean | null;
  /** When the newest canary came, Unix ms; null: none did. */
  timeMs: number | null;
  /** Receipt of the newest word of it, Unix ms. */
  toldMs: number;
}

/**
 * The canaries: spans with `slipstream.canary`, which count nowhere else. The newest are kept, with how long they took; the rest is
 * counted by service, so that trades that are marked by mistake are missed by somebody.
 */
export class Canaries implements Part {
  readonly #ofDoctor: Kept = new Kept();
  readonly #ofOthers: Kept = new Kept();
  readonly #passages: Map<CanaryPart, Passage> = new Map();
  readonly #spans: Map<string, number> = new Map();
  // Labels stay the same objects: whoever writes `/metrics` or evaluates rules looks whether they are.
  readonly #partLabels: ReadonlyMap<string, { readonly part: string }> = new Map(
    canaryParts.map((part) => [part, { part }]),
  );
  readonly #serviceLabels: Map<string, { readonly service: string }> = new Map();

  /** The newest, the newest first. */
  get newest(): readonly Canary[] {
    const all = [...this.#ofDoctor.canaries, ...this.#ofOthers.canaries];
    return all.sort((a, b) => b.receivedMs - a.receivedMs);
  }

  /** Whether the span is in the trace of a canary that is kept, and so belongs to it although it does not say so. */
  hasTrace(span: Span): boolean {
    return this.#ofDoctor.hasTrace(span) || this.#ofOthers.hasTrace(span);
  }

  /**
   * Takes a span that was not seen before.
   *
   * @returns the canary, if it is one that is kept; and what is to be reported of it
   */
  take(span: Span, receivedMs: number): { readonly canary?: Canary; readonly notice?: Notice } {
    const service = shortName(span.resource.service);
    const isFirst = this.#countSpan(service);
    const isOfDoctor = service === DOCTOR_SERVICE;
    const notice: Notice | undefined = isFirst && !isOfDoctor ? { kind: "canary", service } : undefined;
    const told = notice === undefined ? {} : { notice };
    if (span.name !== spanName.tradeExecute) return told;
    const { endMs } = span;
    const canary: Canary = { traceId: traceIdText(span), service, endMs, receivedMs };
    if (!(isOfDoctor ? this.#ofDoctor : this.#ofOthers).add(canary, span)) return told;
    const seconds = (receivedMs - endMs) / MS;
    const isPossible = seconds >= 0 && seconds <= aggregatorMetrics.canary.range[1];
    this.#passages.set("aggregator", {
      seconds: isPossible ? seconds : null,
      up: true,
      timeMs: endMs,
      toldMs: receivedMs,
    });
    return { ...told, canary };
  }

  /** Takes what doctor has found. Parts that are not known, and values that cannot be, are left out. */
  takePoint({ name, value, attributes, timeMs, noLevel }: MetricPoint, receivedMs: number): void {
    const part = canaryParts.find((known) => known === attributes.part);
    if (part === undefined || value === undefined || noLevel !== undefined) return;
    const passage = this.#passages.get(part) ?? { seconds: null, up: null, timeMs: null, toldMs: receivedMs };
    if (name === aggregatorMetrics.canaryUp.name) {
      if (value !== 0 && value !== 1) return;
      passage.up = value === 1;
      if (value === 0) passage.seconds = null;
    } else {
      const [least, most] = aggregatorMetrics.canary.range;
      // What the aggregator sees by itself, it knows best.
      if (!(value >= least && value <= most) || part === "aggregator") return;
      passage.seconds = value;
      passage.timeMs = timeMs;
    }
    passage.toldMs = receivedMs;
    this.#passages.set(part, passage);
  }

  /** @param nowMs receipt of the newest record */
  read(nowMs: number): Record<string, Entry> {
    const seconds: LabelledStatisticValue[] = [];
    const up: LabelledStatisticValue[] = [];
    for (const [part, passage] of this.#fresh(nowMs)) {
      const labels = this.#partLabels.get(part) ?? { part };
      const rest = { labels, count: 1, windowSeconds: CANARY_SECONDS };
      if (passage.seconds !== null) seconds.push({ ...rest, value: passage.seconds, unit: "s" });
      if (passage.up !== null) up.push({ ...rest, value: passage.up ? "up" : "down", unit: "state" });
    }
    const spans = Array.from(this.#spans, ([service, count]) => ({
      labels: this.#labelsOf(service),
      value: count,
      unit: "spans",
      count,
      windowSeconds: null,
    }));
    return {
      canary_seconds: { series: seconds },
      canary_up: { series: up },
      canary_spans: { series: spans },
    };
  }

  /** @param nowMs receipt of the newest record */
  collect(nowMs: number): readonly MetricFamily[] {
    const fresh = this.#fresh(nowMs);
    const samples = (value: (passage: Passage) => number | null) =>
      fresh.flatMap(([part, passage]) => {
        const known = value(passage);
        return known === null ? [] : [{ labels: this.#partLabels.get(part) ?? { part }, value: known }];
      });
    return [
      { definition: aggregatorMetrics.canary, samples: samples(({ seconds }) => seconds) },
      {
        definition: aggregatorMetrics.canaryUp,
        samples: samples(({ up }) => (up === null ? null : Number(up))),
      },
      {
        definition: aggregatorMetrics.canaryTimestamp,
        samples: samples(({ timeMs }) => (timeMs === null ? null : timeMs / MS)),
      },
      {
        definition: aggregatorMetrics.canarySpans,
        samples: Array.from(this.#spans, ([service, value]) => ({ labels: this.#labelsOf(service), value })),
      },
    ];
  }

  save(): Saved {
    return {
      ofDoctor: this.#ofDoctor.save(),
      ofOthers: this.#ofOthers.save(),
      passages: Array.from(this.#passages, ([part, passage]) => ({ part, ...passage })),
      spans: Array.from(this.#spans, ([service, count]) => ({ service, count })),
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved canaries", saved);
    this.#ofDoctor.load(fields.any("ofDoctor"));
    this.#ofOthers.load(fields.any("ofOthers"));
    for (const each of fields.list("passages")) {
      const passage = new SavedFields("a saved passage of canaries", each);
      const part = canaryParts.find((known) => known === passage.text("part"));
      // A newer version may know more of them.
      if (part === undefined) continue;
      this.#passages.set(part, {
        seconds: passage.optionalNumber("seconds") ?? null,
        up: passage.any("up") === null ? null : passage.boolean("up"),
        timeMs: passage.optionalNumber("timeMs") ?? null,
        toldMs: passage.number("toldMs"),
      });
    }
    for (const each of fields.list("spans")) {
      const counted = new SavedFields("saved canaries of a service", each);
      this.#spans.set(counted.text("service"), counted.number("count"));
    }
  }

  #countSpan(service: string): boolean {
    const known = this.#spans.get(service);
    const hasRoom = known !== undefined || this.#spans.size < MOST_SERVICES;
    const name = hasRoom ? service : OTHER;
    const count = this.#spans.get(name) ?? 0;
    this.#spans.set(name, count + 1);
    return count === 0;
  }

  #labelsOf(service: string): { readonly service: string } {
    const labels = this.#serviceLabels.get(service) ?? { service };
    this.#serviceLabels.set(service, labels);
    return labels;
  }

  #fresh(nowMs: number): readonly (readonly [CanaryPart, Passage])[] {
    return canaryParts.flatMap((part) => {
      const passage = this.#passages.get(part);
      return passage === undefined || nowMs - passage.toldMs > CANARY_SECONDS * MS ? [] : [[part, passage]];
    });
  }
}

/** The newest canaries of somebody, the oldest first. */
class Kept {
  canaries: Canary[] = [];
  /** Their trace ids, by a part of them. */
  readonly #traces: Map<number, string> = new Map();
  #second = Number.NEGATIVE_INFINITY;
  #inSecond = 0;

  /** @returns whether it is kept: of more than a few in one second, the rest is not */
  add(canary: Canary, span: TraceId): boolean {
    const second = Math.floor(canary.receivedMs / MS);
    if (second !== this.#second) {
      this.#second = second;
      this.#inSecond = 0;
    }
    this.#inSecond += 1;
    if (this.#inSecond > MOST_IN_A_SECOND) return false;
    this.canaries.push(canary);
    this.#traces.set(traceNumber(span), canary.traceId);
    if (this.canaries.length > MOST_KEPT) {
      this.canaries.shift();
      const [oldest = 0] = this.#traces.keys();
      if (this.#traces.size > MOST_KEPT) this.#traces.delete(oldest);
    }
    return true;
  }

  hasTrace(span: TraceId): boolean {
    // Most pipelines have no canary, and this runs for each span.
    const known = this.#traces.size === 0 ? undefined : this.#traces.get(traceNumber(span));
    return known !== undefined && known === traceIdText(span);
  }

  save(): Saved {
    return {
      canaries: this.canaries.map(({ desk: _, ...canary }) => ({ ...canary })),
      traces: Float64Array.from(this.#traces.keys()),
      traceIds: [...this.#traces.values()],
      second: this.#second,
      inSecond: this.#inSecond,
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved canaries", saved);
    this.canaries = fields.list("canaries").map((each): Canary => {
      const canary = new SavedFields("a saved canary", each);
      return {
        traceId: canary.text("traceId"),
        service: canary.text("service"),
        endMs: canary.number("endMs"),
        receivedMs: canary.number("receivedMs"),
      };
    });
    const ids = fields.texts("traceIds");
    for (const [at, trace] of fields.doubles("traces", ids.length).entries())
      this.#traces.set(trace, ids[at] ?? "");
    this.#second = fields.number("second");
    this.#inSecond = fields.number("inSecond");
  }
}

/** 53 bits of a trace id, which are random in most. */
function traceNumber({ trace2, trace3 }: TraceId): number {
  return (trace2 >>> 0) * 2 ** 21 + (trace3 >>> 11);
}
