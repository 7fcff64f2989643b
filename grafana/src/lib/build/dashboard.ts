import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type Panel,
  RowBuilder,
  type VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { aggregatorMetrics } from "@slipstream/conventions";
import { reference } from "../data-sources.ts";
import { ofDesk } from "../promql/series.ts";
import { promql } from "../queries/promql.ts";
import { colours } from "./colours.ts";
import { documentation, otherDashboards, TAG } from "./links.ts";
import { tidied } from "./tidied.ts";

/** A panel that gets its number from the dashboard. */
export interface PanelToPlace extends Builder<Panel> {
  id(id: number): this;
}

export interface DashboardRow {
  readonly title: string;
  /** Closed at first: its panels ask nothing until somebody opens it. For questions that take long. */
  readonly closed?: boolean;
  readonly panels: readonly PanelToPlace[];
}

export interface DashboardSpec {
  /** Part of the dashboard's address: it never changes. */
  readonly uid: string;
  readonly title: string;
  /** The question that it answers. */
  readonly description: string;
  /** How far back it looks at first, such as `1h`. */
  readonly last: string;
  /** How often it asks again, such as `30s`. */
  readonly refresh: string;
  readonly variables: readonly Builder<VariableModel>[];
  readonly rows: readonly DashboardRow[];
}

/** A classic dashboard, of the form that Grafana's file provisioning takes. */
export function dashboard(spec: DashboardSpec): Dashboard {
  const builder = new DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.description)
    .tags([TAG])
    .timezone("browser")
    .time({ from: `now-${spec.last}`, to: "now" })
    .refresh(spec.refresh)
    .tooltip(DashboardCursorSync.Crosshair)
    .links([otherDashboards(), documentation()])
    .annotations([firingAlerts()])
    .variables([...spec.variables]);
  // Panels are numbered in order, so that an address of one panel stays the same.
  let id = 0;
  for (const { title, panels, closed = false } of spec.rows) {
    const row = new RowBuilder(title).id(++id).collapsed(closed);
    const numbered = panels.map((panel) => panel.id(++id));
    if (closed) for (const panel of numbered) row.withPanel(panel);
    builder.withRow(row);
    if (!closed) for (const panel of numbered) builder.withPanel(panel);
  }
  return tidied(builder.build());
}

/** Draws when alerts fired into every graph. */
function firingAlerts(): AnnotationQueryBuilder {
  const firing = `${ofDesk(aggregatorMetrics.alertState)} == 1`;
  return new AnnotationQueryBuilder()
    .name("Alerts")
    .datasource(reference("metrics"))
    .enable(true)
    .iconColor(colours.bad)
    .target(promql(firing, "").target("Alerts"))
    .titleFormat("{{alert}}")
    .textFormat("{{severity}}");
}
