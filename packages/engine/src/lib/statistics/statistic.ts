import type { MetricFamily } from "@slipstream/exposition";
import type { Resource } from "@slipstream/otlp/decode";
import type { EventKind, PointEvent, SpanEvent } from "../event.ts";
import type { Minute } from "../history/minutes.ts";
import type { HistoryRow } from "../history/rows.ts";
import type { VerdictChange } from "../mev/own-verdicts.ts";
import type { LabelledStatisticValue, StatisticValue } from "../model.ts";
import type { Part } from "../parts/part.ts";

/** The time that statistics are read at. */
export interface Instant {
  /** End of the windows, a multiple of 5 s. */
  readonly boundaryMs: number;
  /** How far the events have come: the boundary, or short of it while its pane is still open. */
  readonly coveredMs: number;
  /** Receipt of the newest record, Unix ms. */
  readonly receivedMs: number;
  /** Nothing is later than this instant: totals are read as they are, and not as they were at the boundary. */
  readonly newest: boolean;
  /** Whether a service was heard of in the minute before; if not, every window is unknown. */
  readonly live: boolean;
  /**
   * When services were first heard of after the last silence of a minute. undefined: before the window of rates
   * begins.
   */
  readonly liveSinceMs: number | undefined;
  /** What is asked for, if not everything. */
  readonly wanted?: Wanted | undefined;
}

/** What rules ask for: values without their intervals. */
export interface Wanted {
  /** Of percentiles that are told apart by a label, these; undefined: all. */
  readonly quantiles: ReadonlySet<number> | undefined;
}

/** A statistic as `/api/current` gives it: one value, or one for each set of labels. */
export type Entry = StatisticValue | { readonly series: readonly LabelledStatisticValue[] };

/**
 * One statistic, or a few that are read from the same state. It knows nothing of watermarks, boundaries or
 * publications: it is told events in any order and is asked for values at an instant.
 *
 * Where the options change, a new statistic loads what the one before saved: its totals, and its windows where they
 * were counted in the same way.
 */
export interface Statistic extends Part {
  /** Its state is saved under this name, which so must not change, wherever in the list the statistic is. */
  readonly name: string;
  /** Names of the dashboard's values that `read` gives; the others need no reading at a boundary. */
  readonly onDashboard: boolean;
  /** Length of its panes, if that depends on the options. */
  readonly paneMs?: number;
  /** Kinds of events that `observe` is told; all of them where absent. */
  readonly kinds?: readonly EventKind[];
  /** For so many ms before the record that comes, nothing was received from anybody. */
  unwatched?(ms: number): void;
  /**
   * A sign of life of a process, by our clock as far as its own is known to be wrong: a live span, a metric's point, or only its name.
   *
   * @param clockKnown whether that is known: if not, what looks old may be new
   */
  hear?(resource: Resource, service: string, timeMs: number, receivedMs: number, clockKnown: boolean): void;
  observe?(event: SpanEvent): void;
  /** A call, or a span of no meaning, that was observed: its trace has turned out to be kept, so it may be an exemplar. */
  exemplify?(event: SpanEvent): void;
  /** Earlier versions took spans of any trace. */
  forgetExemplars?(): void;
  observePoint?(point: PointEvent): void;
  /** Verdicts change: what was told of the trade before is no longer true. */
  observeVerdict?(verdict: VerdictChange): void;
  /** Forgets what no instant after the time, nor one that can still be amended at it, reads. */
  advance?(timeMs: number): void;
  /** Values by name. It changes nothing. */
  read(instant: Instant): Readonly<Record<string, Entry>>;
  /**
   * Rows of the history for a minute, which can be read as long as an instant in it can be amended. It changes nothing.
   */
  minuteRows?(minute: Minute): readonly HistoryRow[];
  /** Families for `/metrics`. It changes nothing. */
  collect(instant: Instant): readonly MetricFamily[];
}
