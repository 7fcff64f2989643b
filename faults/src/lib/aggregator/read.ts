import { setTimeout as sleep } from "node:timers/promises";
import type { MevQuestion, MevReport } from "@slipstream/aggregator";
import type { CurrentStatistics } from "@slipstream/engine";

/** Every statistic that an aggregator serves, all of one log position. */
export interface Served {
  readonly position: number;
  readonly current: CurrentStatistics;
  /** `/metrics` as OpenMetrics text. */
  readonly metrics: string;
}

const DEADLINE_MS = 30_000;

/** Reads all pages, again where the log went on meanwhile. @throws Error where it answers otherwise than 200 */
export async function readServed(url: string): Promise<Served> {
  const endMs = performance.now() + DEADLINE_MS;
  for (;;) {
    const before = await position(url);
    const current = (await (await get(`${url}/api/current`)).json()) as CurrentStatistics;
    const metrics = await (await get(`${url}/metrics`, "application/openmetrics-text; version=1.0.0")).text();
    if ((await position(url)) === before) return { position: before, current, metrics };
    if (performance.now() > endMs) throw new Error(`The log of ${url} does not come to rest.`);
    await sleep(10);
  }
}

/** Distinct spans that were received, by service. */
export async function readReceived(url: string): Promise<Record<string, number>> {
  const { services } = (await (await get(`${url}/api/current`)).json()) as CurrentStatistics;
  return Object.fromEntries(Object.entries(services).map(([name, { received }]) => [name, received]));
}

async function position(url: string): Promise<number> {
  const { log } = (await (await get(`${url}/readyz`)).json()) as { log: { position: number } };
  return log.position;
}

async function get(url: string, accept = "*/*"): Promise<Response> {
  const response = await fetch(url, { headers: { accept }, signal: AbortSignal.timeout(DEADLINE_MS) });
  if (response.status !== 200) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
  return response;
}

export type ReportQuestion = Extract<MevQuestion, { readonly kind: "report" }>;

/** What MEV did to the desk, as `/api/mev` tells it. */
export async function readReport(url: string, { fromMs, toMs, by }: ReportQuestion): Promise<MevReport> {
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  return (await (await get(`${url}/api/mev?${new URLSearchParams({ from, to, by })}`)).json()) as MevReport;
}
