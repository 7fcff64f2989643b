import type { Dashboard, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { isRow } from "./build/is-row.ts";
import { dashboards } from "./dashboards.ts";
import { type DataSourceName, dataSources, reference } from "./data-sources.ts";
import { type QueryValues, withValues } from "./queries/with-values.ts";

export type { QueryValues } from "./queries/with-values.ts";

/** The queries of one panel, as Grafana sends them: with the values of all variables. */
export interface PanelQueries {
  /** The dashboard's uid. */
  readonly dashboard: string;
  readonly panel: string;
  readonly source: DataSourceName;
  /** PromQL, TraceQL or SQL, in the panel's order. */
  readonly expressions: readonly string[];
}

/** Every panel of every dashboard. */
export function panelQueries(values: QueryValues): readonly PanelQueries[] {
  return dashboards().flatMap((dashboard) =>
    panelsOf(dashboard).map((panel) => ({
      dashboard: dashboard.uid ?? "",
      panel: panel.title ?? "",
      source: sourceOf(panel),
      expressions: expressionsOf(panel).map((expression) => withValues(expression, values)),
    })),
  );
}

/** The panels, those of closed rows too, without rows. */
export function panelsOf({ panels = [] }: Dashboard): readonly Panel[] {
  return panels.flatMap((panel) => (isRow(panel) ? panel.panels : [panel]));
}

/** The texts of a panel's queries, with variables. */
export function expressionsOf({ targets = [] }: Panel): readonly string[] {
  return targets.map((target) => {
    const { expr, query, rawSql } = target as { expr?: string; query?: string; rawSql?: string };
    return expr ?? query ?? rawSql ?? "";
  });
}

function sourceOf({ datasource }: Panel): DataSourceName {
  const names = Object.keys(dataSources) as DataSourceName[];
  const found = names.find((name) => datasource?.uid === reference(name).uid);
  if (found === undefined) throw new Error(`No variable names the data source ${datasource?.uid}.`);
  return found;
}
