import type { ProcessWriter, QuestDbOptions } from "@slipstream/aggregator/sinks";
import type { None, ThreadContract } from "@slipstream/aggregator/threads";
import type { DashboardInstant, EngineConfig, HistoryRow, Publication } from "@slipstream/engine";
import type { MonitorLogger } from "./logger.ts";
import type { AlertSettings } from "./monitor-options.ts";

/** What the engine needs of a span; ids are made in the worker. */
export interface LocalSpan {
  readonly name: string;
  /** Unix ms. */
  readonly endMs: number;
  readonly durationSeconds: number;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

export interface LocalPoint {
  readonly name: string;
  /** Unix ms. */
  readonly timeMs: number;
  readonly value: number;
  /** Its labels. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface LocalData {
  readonly spans: readonly LocalSpan[];
  readonly points: readonly LocalPoint[];
}

/** What the thread is started with. */
export interface EngineSettings {
  readonly service: string;
  readonly desk: string;
  readonly engine: EngineConfig;
  /** Redis that the thread writes to; "owner": it sends the publications to its owner, who writes them. */
  readonly redis: { readonly url: string } | "owner" | undefined;
  /** QuestDB that the thread writes the history to; "owner": it sends the rows to its owner, who writes them. */
  readonly questdb: QuestDbOptions | "owner" | undefined;
  readonly redisPrefix: string | undefined;
  /** undefined: no rule is evaluated. */
  readonly alerts: AlertSettings | undefined;
  /** This process, as the leases name it. */
  readonly writer: ProcessWriter;
}

/** What the trading thread needs: a handful of values, however many statistics there are. */
export interface EngineValues {
  /** The dashboard's nine values; unknown ones are absent. */
  readonly values: DashboardInstant;
  /** Unix ms; undefined before the first event. */
  readonly watermarkMs: number | undefined;
}

/** The engine's thread and its owner. */
export interface EngineContract extends ThreadContract {
  readonly settings: EngineSettings;
  readonly opened: undefined;
  readonly questions: {
    /** Answered once the engine has applied it. */
    readonly apply: (data: LocalData) => void;
  };
  readonly orders: None;
  readonly news: {
    readonly values: (values: EngineValues) => void;
    /** If its owner writes Redis. */
    readonly publications: (publications: readonly Publication[]) => void;
    /** Rows of the history, if its owner writes them. */
    readonly rows: (rows: readonly HistoryRow[]) => void;
    /** A notification for a channel of type console. */
    readonly print: (level: keyof MonitorLogger, text: string) => void;
    readonly log: (level: keyof MonitorLogger, message: string) => void;
  };
}
