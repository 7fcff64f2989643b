import type { Setting } from "../../parts/part.ts";
import type { Totals } from "./ground-truth.ts";
import { numberOf } from "./prometheus-api.ts";
import { rowsOf } from "./questdb-api.ts";

const DESK = "trading-desk";

/** By what counts it, then by what is counted. */
type Counts = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * What must be exact at the end, whatever was killed meanwhile:
 *
 * - What the aggregator counts. The desk keeps spans until the Collector has them in its queue on the disk; the queue keeps them until the
 *   aggregator has them in its log; and the aggregator counts a span that came twice once.
 * - What the aggregator writes to QuestDB. After a kill it writes again what it may not have written, under the same keys.
 * - The desk's own counters in Prometheus. They are totals since the desk's start, so what a killed Collector did not take comes with the next
 *   export; and its queue on the disk keeps the last one.
 * - No canary: not in any of these, but in a table of its own.
 *
 * What need not be: `traces_spanmetrics_*`, which the Collector counts in memory; Jaeger's traces, which are in memory, as are those that wait
 * in the Collector for the decision to keep them; and verdicts, for which the chain must still be readable.
 */
export function exactCounts(totals: Totals, canaries: number): Counts {
  const { success, failed, spans } = totals;
  const calls = (...names: readonly string[]): number =>
    names.reduce((sum, name) => sum + (totals.calls[name]?.count ?? 0), 0);
  const service = {
    trades: [success, failed],
    tradeLatencies: totals.trades,
    nodeCalls: calls("solana.rpc"),
    jupiterCalls: calls("jupiter.quote", "jupiter.swap"),
    databaseWrites: calls("db.write"),
    priorityFees: totals.priorityFeesLamports,
  };
  return {
    desk: service,
    aggregator: { ...service, received: spans, completeness: 1, canarySpans: undefined },
    questdb: { trades: [success, failed], canaries },
  };
}

/** The same as the parts have them now. */
export async function countsIn(setting: Setting): Promise<Counts> {
  const aggregator = "slipstream-aggregator";
  const spans = (service: string): Promise<number | undefined> =>
    totalOf(setting, `slipstream_spans{job="${aggregator}",service="${service}",state="received"}`);
  const rows = async (table: string): Promise<unknown> =>
    (await rowsOf(setting, `SELECT count() FROM ${table}`))[0]?.[0];
  return {
    desk: await serviceCounts(setting, DESK),
    aggregator: {
      ...(await serviceCounts(setting, aggregator)),
      received: await spans(DESK),
      completeness: await totalOf(
        setting,
        `slipstream_completeness_ratio{job="${aggregator}",service="${DESK}"}`,
      ),
      canarySpans: await spans("slipstream-doctor"),
    },
    questdb: {
      trades: [await rows("trades WHERE status = 'success'"), await rows("trades WHERE status = 'failed'")],
      canaries: await rows("canaries"),
    },
  };
}

async function serviceCounts(setting: Setting, job: string): Promise<Counts[string]> {
  const count = (histogram: string): Promise<number | undefined> =>
    totalOf(setting, `${histogram}_count{job="${job}"}`);
  const trades = (status: string): Promise<number | undefined> =>
    totalOf(setting, `trades_total{job="${job}",status="${status}"}`);
  return {
    trades: [await trades("success"), await trades("failed")],
    tradeLatencies: await count("trade_execution_latency_seconds"),
    nodeCalls: await count("solana_node_latency_seconds"),
    jupiterCalls: await count("jupiter_api_latency_seconds"),
    databaseWrites: await count("database_write_latency_seconds"),
    priorityFees: await totalOf(setting, `priority_fees_paid{job="${job}"}`),
  };
}

/** The newest values of series, added up. A desk that has ended sends none any more. */
function totalOf(setting: Setting, series: string): Promise<number | undefined> {
  return numberOf(setting, `sum(last_over_time(${series}[1h]))`);
}
