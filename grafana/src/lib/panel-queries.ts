import type { Dashboard, Panel, RowPanel } from "@grafana/grafana-foundation-sdk/dashboard";
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

/** The panels, without rows. */
export function panelsOf({ panels = [] }: Dashboard): readonly Panel[] {
  return panels.filter((panel): panel is Panel => !isRow(panel));
}

/** The texts of a panel's queries, with variables. */
export function expressionsOf({ targets = [] }: Panel): readonly string[] {
  return targets.map((target) => {
    const { expr, query, rawSql } = target as { expr?: string; query?: string; rawSql?: string };
    return expr ?? query ?? rawSql ?? "";
  });
}

function isRow(panel: Panel | RowPanel): boolean {
  return panel.type === "row";
}

function sourceOf({ datasource }: Panel): DataSourceName {
  const names = Object.keys(dataSources) as DataSourceName[];
  const found = names.find((name) => datasource?.uid === reference(name).uid);
  if (found === undefined) throw new Error(`No variable names the data source ${datasource?.uid}.`);
  return found;
}
