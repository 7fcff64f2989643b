import type { CurrentStatistics, EngineOptions, Publication } from "@slipstream/aggregator";

/** What the engine needs of a span; ids are made in the worker. */
export interface LocalSpan {
  readonly name: string;
  /** Unix ms. */
  readonly endMs: number;
  readonly durationSeconds: number;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, string | number>>;
}

export interface LocalPoint {
  readonly name: string;
  /** Unix ms. */
  readonly timeMs: number;
  readonly value: number;
}

/** What the worker is started with. */
export interface WorkerSettings {
  readonly service: string;
  readonly desk: string;
  readonly engine: Partial<EngineOptions>;
}

export interface ToWorker {
  readonly spans: readonly LocalSpan[];
  readonly points: readonly LocalPoint[];
}

export interface FromWorker {
  readonly current: CurrentStatistics;
  readonly publications: readonly Publication[];
  /** Messages that were worked on since the last answer. */
  readonly applied: number;
}
