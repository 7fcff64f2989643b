import type { HistoryRow, Publication } from "@slipstream/engine";
import type { DashboardPoint } from "../dashboards/dashboards.ts";
import type { HistoryQuery } from "../history/query.ts";
import type { HistoryRetention } from "../history/retention.ts";
import type { QuestDbOptions } from "../questdb/options.ts";
import type { SinkStateChange } from "../sinks/dashboard-sink.ts";
import type { SinkStatus } from "../sinks/sink.ts";
import type { Checkpoint } from "./checkpoint.ts";

/** What the store's thread is started with. */
export interface StateSettings {
  /** The SQLite file, or ":memory:". */
  readonly file: string;
  readonly retention?: HistoryRetention | undefined;
  /** QuestDB to fill with the history. */
  readonly questdb?: QuestDbOptions | undefined;
}

/** Changes, carried out in the order they are sent. */
export type StateWrite =
  | {
      readonly kind: "publish";
      readonly instants: readonly Publication[];
      readonly rows: readonly HistoryRow[];
      /** Whether the newest instant goes into the nine keys. */
      readonly current: boolean;
      /** Unix ms, by the clock of the one who sends. */
      readonly nowMs: number;
    }
  | { readonly kind: "checkpoint"; readonly checkpoint: Checkpoint }
  | { readonly kind: "keep"; readonly positions: readonly number[] };

/** What can be asked; answered from what is written at the time. */
export interface StateQueries {
  dashboardCurrent(nowMs: number): Readonly<Record<string, string>>;
  dashboardSeries(fromMs: number, toMs: number): readonly DashboardPoint[];
  dashboardCount(dayMs: number): number;
  /** @throws SlipstreamError where the table has no such column. */
  history(query: HistoryQuery): readonly HistoryRow[];
  /** Positions of the checkpoints, ascending. */
  checkpoints(): readonly number[];
  /**
   * The newest usable checkpoint at or before a position, and what was passed over. What was written after it is
   * forgotten: its owner goes on from there.
   */
  resume(position: number): Resumed;
}

export interface Resumed {
  readonly checkpoint: Checkpoint | undefined;
  /** Why newer checkpoints were not used, one text each. */
  readonly passedOver: readonly string[];
}

export type StateQuery = {
  [Name in keyof StateQueries]: { readonly name: Name; readonly args: Parameters<StateQueries[Name]> };
}[keyof StateQueries];

/** What a write takes of the room that there is for those that wait. */
export function sizeOf(write: StateWrite): number {
  return write.kind === "publish" ? write.instants.length + write.rows.length : 1;
}

export type ToState =
  | { readonly type: "write"; readonly write: StateWrite }
  | { readonly type: "query"; readonly id: number; readonly query: StateQuery }
  /** Write what waits and end. */
  | { readonly type: "close" };

export type FromState =
  | { readonly type: "opened" }
  | { readonly type: "refused"; readonly code: string; readonly message: string }
  /** So many of the writes have been carried out since the last such message, in the order they were sent. */
  | { readonly type: "written"; readonly count: number }
  /** Why writes fail at present; undefined: they succeed again. */
  | { readonly type: "fault"; readonly reason: string | undefined }
  | { readonly type: "answer"; readonly id: number; readonly value: unknown }
  | { readonly type: "failed"; readonly id: number; readonly code: string; readonly message: string }
  /** How the remote history stands, now and then. */
  | { readonly type: "remote"; readonly status: SinkStatus }
  | { readonly type: "remoteState"; readonly change: SinkStateChange }
  | { readonly type: "closed" };
