import type { MevQuestion, MevReport } from "@slipstream/aggregator";
import type { CurrentStatistics } from "@slipstream/engine";

/** Every statistic that an aggregator serves, each of a log position from `from` to `to`. */
export interface Served {
  readonly from: number;
  readonly to: number;
  readonly current: CurrentStatistics;
  /** `/metrics` as OpenMetrics text. */
  readonly metrics: string;
}

const DEADLINE_MS = 30_000;

/**
 * Reads all pages. The log may go on in the meantime: while alerts wait for their time there are ticks, four in a second.
 *
 * @param desk "" for the aggregator's own
 * @throws Error if it answers otherwise than 200
 */
export async function readServed(url: string, desk = ""): Promise<Served> {
  const from = await position(url);
  const current = await readCurrent(url, desk);
  const metrics = await (await get(`${url}/metrics`, "application/openmetrics-text; version=1.0.0")).text();
  return { from, to: await position(url), current, metrics };
}

/** The statistics of a desk; "" for the aggregator's own. */
export async function readCurrent(url: string, desk = ""): Promise<CurrentStatistics> {
  return (await (await get(`${url}/api/current${queryOf({}, desk)}`)).json()) as CurrentStatistics;
}

/** The desks beside the aggregator's own. */
export async function readOtherDesks(url: string): Promise<readonly string[]> {
  const { desks } = (await (await get(`${url}/api/desks`)).json()) as {
    desks: readonly { readonly name: string; readonly own: boolean }[];
  };
  return desks.filter(({ own }) => !own).map(({ name }) => name);
}

/** Distinct spans that were received, by `DESK/SERVICE`. */
export async function readReceived(url: string): Promise<Record<string, number>> {
  const desks = ["", ...(await readOtherDesks(url))];
  const counts = desks.map(async (desk) =>
    Object.entries((await readCurrent(url, desk)).services).map(
      ([name, { received }]) => [`${desk}/${name}`, received] as const,
    ),
  );
  return Object.fromEntries((await Promise.all(counts)).flat());
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
export async function readReport(
  url: string,
  { fromMs, toMs, by }: ReportQuestion,
  desk = "",
): Promise<MevReport> {
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  return (await (await get(`${url}/api/mev${queryOf({ from, to, by }, desk)}`)).json()) as MevReport;
}

function queryOf(parameters: Readonly<Record<string, string>>, desk: string): string {
  return `?${new URLSearchParams({ ...parameters, ...(desk === "" ? {} : { desk }) })}`;
}
