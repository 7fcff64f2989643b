import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startSubject } from "../desk/aggregator.ts";
import type { Order, Traded } from "../desk/messages.ts";
import { startService } from "../desk/start-service.ts";
import { ask, closed } from "../lib/child.ts";
import { loadNow } from "../lib/machine.ts";
import { type Delays, Stopwatches } from "./delays.ts";
import type { AlertsOptions } from "./options.ts";
import { type PrometheusSide, startPrometheusSide } from "./prometheus-alerts.ts";
import { serve } from "./server.ts";
import { fire, noteWebhook, SECONDS_PER_ALERT, writeConfig } from "./slipstream-alerts.ts";

const CHECKOUT = fileURLToPath(new URL("../../../", import.meta.url));
const TRADES_PER_SECOND = 100;
/** Load before the first alert: event time must have come beyond the first points. */
const SETTLE_MS = 5_000;
/** Notifications of Slipstream that have not come by then are missing. */
const LONGEST_MS = 15_000;
/** A statistic with up to 64 series is read four times a second, one with more less often: with both of these, every 0.55 seconds. */
const FEW = { services: 12, name: "few" };
const MANY = { services: 80, name: "many" };
/** Within so many seconds the conditions of Prometheus become true. */
const PROMETHEUS_SPREAD_S = 30;
/** A scrape, an evaluation, the wait of a group, and something beside. */
const PROMETHEUS_LONGEST_MS = 75_000;

export interface AlertsResult {
  /** Of a statistic with few series. */
  readonly slipstream: Delays;
  /** Of one with many. */
  readonly manySeries: Delays;
  /** undefined: not measured. */
  readonly prometheus: Delays | undefined;
  readonly tradesPerSecond: number;
  /** Trades that were sent beside it. */
  readonly trades: number;
  /** Load average over a minute, at the start and at the end. */
  readonly load: { readonly from: number; readonly to: number };
  readonly notes: readonly string[];
}

/** Lets alerts fire beside a desk's load, and takes the time until a receiver is told. */
export async function alertsBenchmark(
  options: AlertsOptions,
  onProgress: (text: string) => void,
): Promise<AlertsResult> {
  const root = mkdtempSync(join(tmpdir(), "slipstream-alerts-"));
  const closing: (() => unknown)[] = [() => rmSync(root, { recursive: true, force: true })];
  const notes: string[] = [];
  const from = loadNow();
  try {
    const [few, many, theirs] = [new Stopwatches(), new Stopwatches(), new Stopwatches()];
    const receiver = await serve((_, body) => {
      noteWebhook(body, few);
      noteWebhook(body, many);
      return "";
    });
    closing.push(() => receiver.close());
    const subject = await startSubject({
      build: "this",
      checkout: CHECKOUT,
      setting: "no sinks",
      number: 0,
      directory: join(root, "data"),
      stores: undefined,
      cpuProfile: undefined,
      // The console's notifications are warnings.
      env: { SLIPSTREAM_CONFIG: writeConfig(root, receiver.url), SLIPSTREAM_LOG_LEVEL: "error" },
    });
    closing.push(() => subject.close());
    const prometheus = await prometheusSide(options, root, theirs, notes);
    if (prometheus !== undefined) closing.push(() => prometheus.close());
    const service = await startService([subject.url]);
    closing.push(() => closed(service));

    const trading = ask<Traded>(service, orderFor(options));
    // What it rejects with is thrown below; until then it is nobody's.
    trading.catch(() => {});
    onProgress("settling");
    await sleep(SETTLE_MS);
    onProgress("alerts");
    const theirFiring = prometheus?.fire(options.prometheusAlerts, PROMETHEUS_SPREAD_S);
    await fire(subject.url, { ...FEW, alerts: options.alerts }, few);
    await until(() => few.isDone, LONGEST_MS);
    await fire(subject.url, { ...MANY, alerts: manyOf(options) }, many);
    await until(() => many.isDone, LONGEST_MS);
    const { trades } = await trading;
    onProgress("waiting for Alertmanager");
    await theirFiring;
    if (prometheus !== undefined) await until(() => theirs.isDone, PROMETHEUS_LONGEST_MS);
    return {
      slipstream: few.delays,
      manySeries: many.delays,
      prometheus: prometheus === undefined ? undefined : theirs.delays,
      tradesPerSecond: TRADES_PER_SECOND,
      trades,
      load: { from, to: loadNow() },
      notes,
    };
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

/** Trades for as long as alerts fire and resolve. */
function orderFor(options: AlertsOptions): Order {
  const alerts = options.alerts + manyOf(options);
  return {
    seconds: Math.ceil(SETTLE_MS / 1_000 + alerts * SECONDS_PER_ALERT),
    perSecond: TRADES_PER_SECOND,
  };
}

/** Fewer than of the others: they take seconds each. */
function manyOf({ alerts }: AlertsOptions): number {
  return Math.max(MANY.services, Math.ceil(alerts / 3));
}

async function prometheusSide(
  { prometheusAlerts }: AlertsOptions,
  root: string,
  watches: Stopwatches,
  notes: string[],
): Promise<PrometheusSide | undefined> {
  if (prometheusAlerts === 0) return undefined;
  try {
    return await startPrometheusSide(root, watches);
  } catch (error) {
    notes.push(`Prometheus was not measured: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Waits for it, and no longer than so many ms. */
async function until(isSo: () => boolean, mostMs: number): Promise<void> {
  const endMs = performance.now() + mostMs;
  while (!isSo() && performance.now() < endMs) await sleep(20);
}
