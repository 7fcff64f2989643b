import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { createAggregator } from "@slipstream/aggregator";
import { aggregatorMetrics } from "@slipstream/conventions";
import { forkSimulation } from "@slipstream/simulator";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { startedQuestDb } from "@slipstream/testing/started";
import { Client } from "pg";
import { startedCollector } from "slipstream-deploy/testing/collector";
import { expect, onTestFinished, test } from "vitest";
import { dashboards } from "./dashboards.ts";
import { panelsOf } from "./panel-queries.ts";
import { withValues } from "./queries/with-values.ts";
import { type CurrentPrometheus, type Series, startedPrometheus } from "./testing/prometheus.ts";
import { nameOf, type Target, targetsOf } from "./testing/targets.ts";

const RATE_SECONDS = 10;
/** The first attack, and the end of the first minute, take their time. */
const START_MS = 150_000;

/** Panels that show nothing while all is well, or that need what is not here. */
const mayBeEmpty: Readonly<Record<string, string>> = {
  "Return of higher fees": "200 trades that can be compared are needed",
  "Return of higher fees over time": "200 trades that can be compared are needed",
  "Trades of unknown outcome": "each trade says how it ended",
  "Values refused": "nothing is refused",
  "Clocks behind": "no clock is",
  "Lost by the Collector": "nothing is lost",
  "Firing, by the aggregator": "perhaps nothing fires",
  "Firing, by Prometheus": "perhaps nothing fires",
  "Firing in Prometheus": "perhaps nothing fires",
  "Sent to the wrong place, or left out": "nothing is",
  "Notifications by outcome": "no channel is configured",
  Canary: "none is sent",
  Channels: "no channel is configured",
  "Notifications that wait": "no channel is configured",
  "Connections to data stores": "the simulator has none",
  "Data stores that services reach": "the simulator has none",
  "Distribution of database writes": "the simulator has none",
  "Percentiles of database writes": "the simulator has none",
  "Database writes P99 by service": "the simulator has none",
  "Prometheus to Alertmanager": "there is no Alertmanager",
  "Spans sent": "there is no trace store",
  "Why verdicts are unknown": "perhaps none is",
  "What happened": "perhaps nothing fired",
  "Alerts of each day": "perhaps nothing fired",
};

interface Shown {
  readonly dashboard: string;
  readonly panel: Panel;
  readonly target: Target;
}

const shown: readonly Shown[] = dashboards().flatMap((dashboard) =>
  panelsOf(dashboard).flatMap((panel) =>
    targetsOf(panel).map((target) => ({ dashboard: dashboard.uid ?? "", panel, target })),
  ),
);

function problem({ dashboard, panel, target }: Shown, what: string): string {
  return `${dashboard}, ${panel.title}: ${what}: ${target.expr ?? target.rawSql}`;
}

/** The values of a query. A scrape may come too late on a busy machine, so it is asked again if there are none. */
async function seriesOf(
  { panel, target }: Shown,
  expression: string,
  prometheus: CurrentPrometheus,
): Promise<readonly Series[]> {
  const ask = () => prometheus.query(expression, target.instant ? "instant" : "range");
  if ((panel.title ?? "") in mayBeEmpty) return ask();
  const some = eventually("data", async () => {
    const series = await ask();
    return series.length > 0 && series;
  });
  return some.catch(() => []);
}

/** What is wrong with a panel's data, if anything is. */
async function problemOfPromql(
  one: Shown,
  expression: string,
  prometheus: CurrentPrometheus,
): Promise<string | undefined> {
  const { panel, target } = one;
  const series = await seriesOf(one, expression, prometheus);
  if (series.length === 0) return (panel.title ?? "") in mayBeEmpty ? undefined : problem(one, "no data");
  if (series.some(({ values }) => values.some((value) => !Number.isFinite(value))))
    return problem(one, "not a number");
  if (target.format === "heatmap") {
    if (series.some(({ labels }) => Object.keys(labels).join() !== "le")) return problem(one, "not buckets");
    if (series.length < 3) return problem(one, "too few buckets");
    const traces = await prometheus.exemplars(expression);
    return traces.every((id) => /^[0-9a-f]{32}$/.test(id)) && traces.length > 0
      ? undefined
      : problem(one, `its exemplars name the traces ${traces}`);
  }
  const names = series.map(({ labels }) => nameOf(target.legendFormat, labels));
  if (new Set(names).size < names.length) return problem(one, `series of the same name ${names}`);
  return undefined;
}

/** Columns that graphs and tables look for. */
function wantedColumns({ panel, target }: Shown): readonly string[] {
  if (target.format === "time_series") return ["time"];
  const filter = panel.transformations?.find(({ id }) => id === "filterFieldsByName");
  return filter?.options.include.names ?? [];
}

test("every panel has data of the right shape, from a real Prometheus and a real QuestDB", {
  timeout: 300_000,
}, async () => {
  const [questdb, prometheus] = await Promise.all([startedQuestDb(), startedPrometheus()]);
  const aggregator = await createAggregator({
    dataDir: testFolder(),
    port: 0,
    questdb: questdb.conf,
    questdbPg: questdb.pgUrl,
  });
  onTestFinished(() => aggregator.close());
  const collector = await startedCollector({ aggregator: aggregator.url, prometheus: prometheus.otlpUrl });
  const address = `127.0.0.1:${aggregator.port}`;
  prometheus.scrape({ aggregator: address, collector: collector.ownMetrics });
  const desk = await forkSimulation({ endpoint: collector.url, rate: 10, attackRate: 0.5 });
  onTestFinished(async () => void (await desk.stop()));
  aggregator.watch({ rpcUrl: desk.nodeUrl });
  const from = new Date(Date.now() - 300_000);
  const loss = aggregatorMetrics.mevLoss.name;
  await eventually(
    "a loss is known",
    async () => (await prometheus.query(loss, "instant")).length > 0,
    START_MS,
  );
  // Rows of a minute are written when it ends.
  await eventually(
    "a minute is in QuestDB",
    async () => (await questdb.query("SELECT count() FROM trades_by_label"))[0]?.[0] !== "0",
    START_MS,
  );
  const values = { aggregator: address, from, to: new Date(Date.now() + 60_000), rateSeconds: RATE_SECONDS };
  const client = new Client({ connectionString: questdb.pgUrl });
  await client.connect();
  onTestFinished(() => client.end());

  const problems: (string | undefined)[] = [];
  for (const one of shown) {
    const { expr, rawSql } = one.target;
    if (expr !== undefined) problems.push(await problemOfPromql(one, withValues(expr, values), prometheus));
    if (rawSql === undefined) continue;
    const { fields, rows } = await client.query(withValues(rawSql, values)).catch((error: Error) => {
      throw new Error(problem(one, error.message));
    });
    const missing = wantedColumns(one).filter((name) => !fields.some((field) => field.name === name));
    if (missing.length > 0) problems.push(problem(one, `no columns ${missing}`));
    if (rows.length === 0 && !((one.panel.title ?? "") in mayBeEmpty)) problems.push(problem(one, "no rows"));
  }
  expect(problems.filter((text) => text !== undefined)).toEqual([]);
});
