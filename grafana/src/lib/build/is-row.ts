import type { Panel, RowPanel } from "@grafana/grafana-foundation-sdk/dashboard";

/** Rows stand among the panels. One that is closed holds its panels. */
export function isRow(panel: Panel | RowPanel): panel is RowPanel {
  return panel.type === "row";
}
