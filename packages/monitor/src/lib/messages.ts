import type { QuestDbOptions } from "@slipstream/aggregator";
import type { CurrentStatistics, EngineConfig, HistoryRow, Publication } from "@slipstream/engine";
import type { MonitorLogger } from "./logger.ts";

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

export interface LocalData {
  readonly spans: readonly LocalSpan[];
  readonly points: readonly LocalPoint[];
}

/** What the worker is started with. */
export interface WorkerSettings {
  readonly service: string;
  readonly desk: string;
  readonly engine: EngineConfig;
  /** Redis that the worker writes to. */
  readonly redisUrl: string | undefined;
  /** QuestDB that the worker writes the history to; "owner": the rows are told, and who started the worker writes them. */
  readonly questdb: QuestDbOptions | "owner" | undefined;
}

export type ToWorker =
  | ({ readonly type: "data" } & LocalData)
  /** Write what waits and answer "ended". */
  | { readonly type: "end" };

export type FromWorker =
  | {
      readonly type: "answer";
      readonly current: CurrentStatistics;
      readonly publications: readonly Publication[];
      /** Rows of the history, where they are not written by the worker. */
      readonly rows: readonly HistoryRow[];
      /** Messages of data that were worked on since the last answer. */
      readonly applied: number;
    }
  | { readonly type: "log"; readonly level: keyof MonitorLogger; readonly message: string }
  | { readonly type: "ended" };
