import type { CurrentStatistics, HistoryRow, MetricSource } from "@slipstream/engine";
import type { Dashboards } from "../dashboards/dashboards.ts";
import type { HistoryQuery } from "../history/query.ts";
import type { Intake } from "../intake/intake.ts";
import type { Log } from "../log/log.ts";
import type { MevReports } from "../mev-report/mev-reports.ts";
import type { Sink } from "../sinks/sink.ts";

/** What the routes read from. A route declares the part that it needs. */
export interface ApiContext {
  readonly intake: Pick<Intake, "take" | "refuse" | "counts">;
  readonly log: Pick<Log, "fault" | "position">;
  readonly sinks: readonly Sink[];
  /** Why nothing may be taken at present, although the log would take it; undefined if it may. */
  readonly heldBack: () => string | undefined;
  /** Every current statistic. */
  readonly current: () => CurrentStatistics;
  readonly metrics: readonly MetricSource[];
  readonly dashboard: Pick<Dashboards, "series">;
  readonly history: (query: HistoryQuery) => Promise<readonly HistoryRow[]>;
  readonly reports: Pick<MevReports, "ask" | "waiting">;
  /** Unix ms. */
  readonly now: () => number;
}
