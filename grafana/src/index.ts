export { dashboards } from "./lib/dashboards.ts";
export { type PanelQueries, panelQueries, type QueryValues } from "./lib/panel-queries.ts";
