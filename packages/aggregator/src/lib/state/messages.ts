import type { HistoryRow, ReadableParts } from "@slipstream/engine/storage";
import type { DeliveryChange, OutboxContent, OutboxEntry } from "../alerts/outbox/delivery.ts";
import type { DashboardPoint } from "../dashboards/dashboards.ts";
import type { MissingRows } from "../history/missing-rows.ts";
import type { FoundRows, HistoryQuery } from "../history/query.ts";
import type { HistoryRetention } from "../history/retention.ts";
import type { TradeBlock } from "../history/trade-blocks/block.ts";
import type { Position } from "../log/position.ts";
import type { QuestDbOptions } from "../questdb/options.ts";
import type { SinkStateChange, SinkStatus } from "../sinks/sink.ts";
import type { TracesTarget } from "../sinks/verdict-spans/options.ts";
import type { ThreadContract } from "../threads/contract.ts";
import type { Lease, LeaseState, Writer } from "../writer/writer.ts";
import type { Checkpoint, CheckpointId, KnownCheckpoint } from "./checkpoint.ts";

/** Instants of one desk. */
export interface DeskInstants {
  readonly desk: string;
  readonly points: readonly DashboardPoint[];
  /** Whether the newest of them goes into the nine keys. */
  readonly current: boolean;
}

/** Changes, carried out in the order in which they are sent. */
export type StateWrite =
  | {
      readonly kind: "publish";
      readonly instants: readonly DeskInstants[];
      /** Without trades, which come in blocks. */
      readonly rows: readonly HistoryRow[];
      readonly blocks: readonly TradeBlock[];
      /** Unix ms, by the clock of the one who sends. */
      readonly nowMs: number;
    }
  | {
      readonly kind: "checkpoint";
      readonly checkpoint: Checkpoint;
      /** See `CheckpointTables.write`. */
      readonly after: CheckpointId | undefined;
    }
  | {
      readonly kind: "outbox";
      readonly entries: readonly OutboxEntry[];
      readonly changes: readonly DeliveryChange[];
    }
  /** Nothing: it is answered once all before it is carried out. */
  | { readonly kind: "flush" }
  | { readonly kind: "keep"; readonly positions: readonly Position[]; readonly droppedThrough: Position };

/** What can be asked; answered from what is written at the time. */
export type StateQueries = {
  readonly dashboardCurrent: (desk: string, nowMs: number) => Readonly<Record<string, string>>;
  readonly dashboardSeries: (desk: string, fromMs: number, toMs: number) => readonly DashboardPoint[];
  readonly dashboardCount: (desk: string, dayMs: number) => number;
  /** @throws SlipstreamError if the table has no such column. */
  readonly history: (query: HistoryQuery) => FoundRows;
  /** What is left of notifications of earlier runs. */
  readonly outbox: () => OutboxContent;
  /** Positions of the checkpoints that this version writes, ascending. */
  readonly checkpoints: () => readonly Position[];
  /** All checkpoints, whichever version wrote them, by position. */
  readonly knownCheckpoints: () => readonly KnownCheckpoint[];
  /** undefined: it is damaged, or gone. */
  readonly checkpoint: (id: CheckpointId) => Checkpoint | undefined;
};

/** The thread of `state.sqlite` and its owner. */
export interface StateThread extends ThreadContract {
  readonly settings: {
    /** The SQLite file, or ":memory:". */
    readonly file: string;
    /** What this Slipstream saves and reads of an engine. */
    readonly parts: ReadableParts;
    readonly retention: HistoryRetention | undefined;
    /** QuestDB to fill with the history. */
    readonly questdb: QuestDbOptions | undefined;
    /** Where final verdicts are sent to, if that has begun. */
    readonly traces: TracesTarget | undefined;
    /** Whom QuestDB's lease and the spans of verdicts name. */
    readonly writer: Writer;
    /** As the order of this name says. */
    readonly redisWriter: Lease | undefined;
  };
  readonly opened: undefined;
  readonly questions: StateQueries & {
    /**
     * Answered once it is carried out. What fails is retried by the thread, so this is never answered with an
     * error.
     */
    readonly write: (write: StateWrite) => void;
  };
  readonly orders: {
    /** Who has the lease of Redis instead of us; undefined if nobody, or if it is not known. */
    readonly redisWriter: (lease: Lease | undefined) => void;
    /** Begins to send final verdicts. */
    readonly sendVerdicts: (traces: TracesTarget) => void;
  };
  readonly news: {
    /**
     * Why writes fail at present; undefined: they succeed again. `displaced`: the file is no longer where it was opened, and what is
     * written to it would be gone after a restart.
     */
    readonly fault: (reason: string | undefined, displaced: boolean) => void;
    /** The status of the QuestDB sink, every second. */
    readonly remote: (status: SinkStatus) => void;
    /** Rows that a sink does not get, because they are damaged. */
    readonly damaged: (sink: string, missing: MissingRows) => void;
    /** The status of the sink that sends verdicts, every second. */
    readonly verdicts: (status: SinkStatus) => void;
    readonly remoteState: (change: SinkStateChange) => void;
    readonly remoteLease: (state: LeaseState) => void;
  };
}

/** Bytes of a block that take as much room as a row or an instant. */
const BYTES_OF_ROW = 512;

/** How much of the room for waiting writes a write takes: about its rows and instants. */
export function sizeOf(write: StateWrite): number {
  if (write.kind === "outbox") return write.entries.length + write.changes.length;
  if (write.kind !== "publish") return 1;
  const packed = write.blocks.reduce((sum, { data }) => sum + Math.ceil(data.length / BYTES_OF_ROW), 0);
  return write.instants.reduce((sum, { points }) => sum + points.length, write.rows.length + packed);
}
