import type { CurrentStatistics, Desks, HistoryRow } from "@slipstream/engine";
import type { MetricSource } from "@slipstream/exposition";
import { deliveryMetrics } from "../alerts/deliver/delivery-metrics.ts";
import type { Notifications } from "../alerts/notifications.ts";
import type { Closers } from "../closers.ts";
import type { Dashboards } from "../dashboards/dashboards.ts";
import { Expositions } from "../exposition/expositions.ts";
import { allRows, type HistoryQuery } from "../history/query.ts";
import type { Intake } from "../intake/intake.ts";
import type { Log } from "../log/log.ts";
import { feeReturnMetrics } from "../mev-report/fee-return-metrics.ts";
import { MevReports } from "../mev-report/mev-reports.ts";
import { ownMetrics } from "../own-metrics.ts";
import type { Journal } from "../pipeline/journal.ts";
import type { Progress } from "../pipeline/stages.ts";
import { processSource } from "../process-metrics.ts";
import type { ReceiptTimes } from "../receipt-clock/receipt-clock.ts";
import { type HttpStatus, httpMetrics } from "../server/http-metrics.ts";
import type { Sink } from "../sinks/sink.ts";
import type { StateStore } from "../state/state-store.ts";
import { type ApiAlerts, apiAlerts } from "./api-alerts.ts";
import { type ApiDesks, apiDesks } from "./desk.ts";

/** What routes read. Each declares the part that it needs. */
export interface ApiContext {
  readonly intake: Pick<Intake, "take" | "refuse" | "counts">;
  readonly log: Pick<Log, "fault" | "position">;
  readonly sinks: readonly Sink[];
  /** Where notifications are sent to, by name. */
  readonly channels: Notifications["channels"];
  readonly alerts: ApiAlerts;
  /** Id of the data folder; undefined if it cannot be read. */
  readonly instance: string | undefined;
  /** Why requests are refused although the log would take them; undefined if they are not. */
  readonly heldBack: () => string | undefined;
  /** What is wrong with what services send. */
  readonly troubles: () => ReturnType<Desks["troubles"]>;
  /** Every current statistic of a desk; default: the own one. @throws HttpError 404 if there is no such desk */
  readonly current: (desk?: string) => CurrentStatistics;
  readonly desks: ApiDesks;
  readonly metrics: Pick<Expositions, "get">;
  readonly http: HttpStatus;
  readonly dashboardOf: (desk: string) => Pick<Dashboards, "series">;
  readonly history: (query: HistoryQuery) => Promise<readonly HistoryRow[]>;
  readonly reports: Pick<MevReports, "ask" | "explain" | "waiting">;
  /** Unix ms, as what comes in is stamped. */
  readonly now: () => number;
  /** How far that is ahead of the machine's clock, ms. */
  readonly aheadMs: () => number;
}

/** Makes what routes read from the parts of an aggregator. */
export function apiContext(parts: {
  readonly dataDir: string;
  readonly instance: string;
  readonly intake: Intake;
  readonly log: Log;
  readonly store: StateStore;
  readonly sinks: readonly Sink[];
  readonly notifications: Notifications;
  readonly commit: Journal["commit"];
  readonly desks: Desks;
  readonly progress: Progress;
  readonly http: HttpStatus;
  readonly closers: Closers;
  readonly clock: ReceiptTimes;
}): ApiContext {
  const {
    dataDir,
    instance,
    intake,
    log,
    store,
    sinks,
    notifications,
    commit,
    desks,
    progress,
    http,
    closers,
    clock,
  } = parts;
  const { now } = clock;
  const aheadMs = (): number => clock.aheadMs;
  const history = { find: (query: HistoryQuery) => store.history(query), flush: () => store.flush() };
  const reports = new MevReports(dataDir, history);
  closers.add(() => reports.close());
  const feeReturn = feeReturnMetrics({
    reports,
    desks: () => ["", ...desks.others],
    watched: () => desks.own.verdicts.watched,
    windowSeconds: () => desks.options.mevWindowSeconds,
    now,
  });
  const own = ownMetrics({
    log,
    sinks,
    publishedMs: () => progress.timeMs,
    aheadMs,
  });
  const named = apiDesks(desks);
  const ofProcess = processSource();
  closers.add(() => ofProcess.close());
  const { channels } = notifications;
  const delivery = deliveryMetrics({ channels, now });
  const sources: readonly MetricSource[] = [desks, feeReturn, own, delivery, httpMetrics(http), ofProcess];
  return {
    intake,
    log,
    sinks,
    channels,
    alerts: apiAlerts({ desks: named, commit, notifications, now }),
    instance,
    heldBack: () => store.heldBack,
    troubles: () => desks.troubles(),
    current: (desk) => named.engineOf(desk).current(),
    desks: named,
    metrics: new Expositions({
      collect: () => sources.flatMap((source) => source.collect()),
      state: () => progress.records,
    }),
    http,
    dashboardOf: (desk) => store.dashboardOf(desk),
    history: async (query) => allRows(await store.history(query)),
    reports,
    now,
    aheadMs,
  };
}
