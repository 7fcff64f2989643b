import { parentPort, workerData } from "node:worker_threads";
import type { Publication } from "@slipstream/aggregator";
import { type Dashboards, redisDashboards } from "./dashboards.ts";
import { LocalEngine } from "./local-engine.ts";
import type { MonitorLogger } from "./logger.ts";
import type { FromWorker, ToWorker, WorkerSettings } from "./messages.ts";

/** Answers are at least so far apart, so that a busy desk does not pay for statistics that nobody reads. */
const ANSWER_MS = 100;
const TICK_MS = 1_000;

const settings = workerData as WorkerSettings;
const engine = new LocalEngine(settings);
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
    tell({ type: "answer", current: engine.current(), publications, applied });
    publications = [];
    applied = 0;
  }, ANSWER_MS);
}

async function end(): Promise<void> {
  await dashboards?.close();
  tell({ type: "ended" });
}

function openDashboards(url: string | undefined): Dashboards | undefined {
  if (url === undefined) return undefined;
  const log =
    (level: keyof MonitorLogger) =>
    (message: string): void =>
      tell({ type: "log", level, message });
  const logger: MonitorLogger = { info: log("info"), warn: log("warn"), error: log("error") };
  return redisDashboards(url, logger, () => engine.watermarkMs);
}

function tell(message: FromWorker): void {
  parentPort?.postMessage(message);
}
