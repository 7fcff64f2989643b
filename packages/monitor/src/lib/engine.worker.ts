import { parentPort, workerData } from "node:worker_threads";
import type { HistoryRow, Publication } from "@slipstream/engine";
import { type Dashboards, redisDashboards } from "./dashboards.ts";
import { type History, questDbHistory } from "./history.ts";
import { LocalEngine } from "./local-engine.ts";
import type { MonitorLogger } from "./logger.ts";
import type { FromWorker, ToWorker, WorkerSettings } from "./messages.ts";

/** Answers are at least so far apart, so that a busy desk does not pay for statistics that nobody reads. */
const ANSWER_MS = 100;
const TICK_MS = 1_000;

const settings = workerData as WorkerSettings;
const log =
  (level: keyof MonitorLogger) =>
  (message: string): void =>
    tell({ type: "log", level, message });
const logger: MonitorLogger = { info: log("info"), warn: log("warn"), error: log("error") };

// The history's rows until they are told, or until what writes them is loaded.
let rows: HistoryRow[] = [];
let history: History | undefined;
const recorder = {
  record: (row: HistoryRow): void => {
    if (history === undefined) rows.push(row);
    else history.record(row);
  },
};
const engine = new LocalEngine(settings, settings.questdb === undefined ? undefined : recorder);
const opening = openHistory();
const dashboards = openDashboards(settings.redisUrl);
let publications: Publication[] = [];
let applied = 0;
let answering = false;

parentPort?.on("message", (message: ToWorker) => {
  if (message.type === "end") void end();
  else {
    publish(engine.apply(message, Date.now()));
    applied += 1;
  }
});

setInterval(() => publish(engine.tick(Date.now())), TICK_MS);
answerSoon();

function publish(more: readonly Publication[]): void {
  if (more.length > 0) dashboards?.publish(more);
  publications.push(...more);
  answerSoon();
}

function answerSoon(): void {
  if (answering) return;
  answering = true;
  setTimeout(() => {
    answering = false;
    const told = settings.questdb === "owner" ? rows.splice(0) : [];
    tell({ type: "answer", current: engine.current(), publications, rows: told, applied });
    publications = [];
    applied = 0;
  }, ANSWER_MS);
}

async function end(): Promise<void> {
  await opening;
  await history?.close();
  await dashboards?.close();
  tell({ type: "ended" });
}

async function openHistory(): Promise<void> {
  const { questdb } = settings;
  if (questdb === undefined || questdb === "owner") return;
  try {
    const opened = await questDbHistory(questdb, logger);
    for (const row of rows.splice(0)) opened.record(row);
    history = opened;
  } catch (error) {
    logger.error(`no history is written: ${error instanceof Error ? error.message : error}`);
    history = { record: () => undefined, close: async () => undefined };
    rows = [];
  }
}

function openDashboards(url: string | undefined): Dashboards | undefined {
  if (url === undefined) return undefined;
  return redisDashboards(url, logger, () => engine.watermarkMs);
}

function tell(message: FromWorker): void {
  parentPort?.postMessage(message);
}
