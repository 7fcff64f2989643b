import type { AlertCommand, Rule } from "@slipstream/alerts";
import type { DashboardStatistic } from "@slipstream/conventions";
import type { Batch } from "@slipstream/otlp/decode";
import type { NamedInterval } from "@slipstream/stats";
import type { ChainBatch } from "./mev/chain.ts";
import type { EngineOptions } from "./options.ts";
import type { RefusalReason } from "./refuse.ts";

/** A log record as the engine applies it: its time of receipt, its body decoded. */
export interface EngineRecord {
  /** Unix ms. */
  readonly receivedMs: number;
  readonly batch: EngineBatch;
  /** It is a part of a record of the log, and others of it follow: alerts are evaluated after the last. */
  readonly continues?: true;
}

/** What a record holds, by its kind. */
export type EngineBatch = Batch | TickBatch | OptionsBatch | ChainBatch | RulesBatch | AlertBatch | SelfBatch;

/** Time has passed. */
export interface TickBatch {
  readonly kind: "tick";
}

/** From here on these options hold. Fit for use: see `completeOptions`. */
export interface OptionsBatch {
  readonly kind: "options";
  readonly options: EngineOptions;
}

/** From here on these alert rules hold, and no others. */
export interface RulesBatch {
  readonly kind: "rules";
  readonly rules: readonly Rule[];
}

/** Something that a person asks of the alerts. */
export interface AlertBatch {
  readonly kind: "alert";
  readonly command: AlertCommand;
  /** The desk whose alert is acknowledged. Absent: the aggregator's own. Silences are for all desks. */
  readonly desk?: string;
}

/** What the aggregator sees of itself. */
export interface SelfBatch {
  readonly kind: "self";
  readonly sinks: readonly {
    readonly name: string;
    /** Whether it takes data; null if nothing has been written to it yet. */
    readonly up: boolean | null;
    /** How far it is behind; null as above. */
    readonly lagSeconds: number | null;
  }[];
  /** Whether the node or the folder gives blocks; null if none has been read yet, or nobody watches the chain. */
  readonly blocksReadable: boolean | null;
  /** null: there is no such bound. */
  readonly log: { readonly bytes: number; readonly mostBytes: number } | null;
  /** The file system of the data folder; null if there is none, or it does not say. */
  readonly disk: { readonly bytes: number; readonly freeBytes: number } | null;
  /** Benchmarks of which there are results; null if nobody knows. */
  readonly benchmarks: number | null;
}

/** The dashboard's nine values; what is unknown is absent. The breaker is a word, the rest are numbers. */
export type DashboardInstant = Readonly<Partial<Record<DashboardStatistic, number | string>>>;

/** The values at a 5-second boundary of event time. The same instant may come again, amended: it replaces the first. */
export interface Publication {
  /** The boundary, Unix ms, a multiple of 5,000. */
  readonly timeMs: number;
  readonly values: DashboardInstant;
  readonly amended: boolean;
  /** Absent: the aggregator's own desk. */
  readonly desk?: string;
}

/** One statistic as `/api/current` gives it. */
export interface StatisticValue {
  /** null: unknown, and `reason` says why. */
  readonly value: number | string | null;
  readonly unit: string;
  /** Samples behind the value. */
  readonly count: number;
  /** Length of the window; null: a total. */
  readonly windowSeconds: number | null;
  /**
   * Of a total: time of receipt since when it counts, ISO 8601. null: not known, and `reason` says what is. A total that
   * has counted since the log began has the time of the first record.
   */
  readonly since?: string | null;
  /** Of a share and of a percentile: where it lies in the long run, judged by the samples behind it. */
  readonly interval?: NamedInterval;
  /** Of a percentile: where the exact one of these samples lies. */
  readonly sketchError?: NamedInterval;
  readonly reason?: string;
}

export type LabelledStatisticValue = StatisticValue & { readonly labels: Readonly<Record<string, string>> };

export interface ServiceCounts {
  /** Time of receipt since when all of these count, ISO 8601; null: not known. */
  readonly since?: string | null;
  /** Distinct spans. */
  readonly received: number;
  /** Spans seen before; not among the received. */
  readonly duplicate: number;
  /** Those of the received that came after their instant had been published. */
  readonly late: number;
  /** Items that could not be read; not among the received. */
  readonly refused: number;
  /** Those of the received that ended more than 5 s after their receipt: the service's clock is ahead. */
  readonly clockAhead?: number;
  /** Those of the received that were placed later than they say, because their process's clock is behind. */
  readonly clockBehind?: number;
  /** How far the clock is behind, of its processes the furthest, seconds; absent until it is known. */
  readonly clockBehindSeconds?: number;
  /** Values that cannot be true and were not counted, by kind; absent if there are none. */
  readonly refusedValues?: readonly RefusedValue[];
  /** Spans seen / spans ended, null if the spans are not numbered. */
  readonly completeness: number | null;
  /** Spans that its processes ended, by the highest number of each. null as above. */
  readonly ended: number | null;
  /** Those of them that were not seen; exact. null as above. */
  readonly missing: number | null;
  /** The largest ranges of their numbers, the largest first; absent if none is missing. */
  readonly gaps?: readonly Gap[];
  readonly reason?: string;
}

/** Values of one kind that were not counted. */
export interface RefusedValue {
  /** Name of the attribute or of the metric. */
  readonly attribute: string;
  readonly reason: RefusalReason;
  readonly count: number;
  /** Some of them, each once. */
  readonly examples: readonly string[];
}

/** What is wrong with what a service sends. Fields as in `ServiceCounts`, absent if nothing is. */
export interface ServiceTrouble {
  readonly clockAhead?: number;
  readonly clockBehindSeconds?: number;
  /** Without examples: they may be anything that the service sent. */
  readonly refusedValues?: readonly Omit<RefusedValue, "examples">[];
}

/** Numbers (`slipstream.seq`) of a process that did not come so far, both ends included. */
export interface Gap {
  /** `service.instance.id`, empty if the process has none. */
  readonly instance: string;
  readonly from: number;
  readonly to: number;
  /** When the gap was noticed, by the receipt of what came after it; ISO 8601. */
  readonly since: string;
}

/** The answer of `/api/current`. */
export interface CurrentStatistics {
  /** Event time of the statistics (the watermark), ISO 8601; null before the first event. */
  readonly time: string | null;
  readonly statistics: Readonly<
    Record<string, StatisticValue | { readonly series: readonly LabelledStatisticValue[] }>
  >;
  readonly services: Readonly<Record<string, ServiceCounts>>;
}
