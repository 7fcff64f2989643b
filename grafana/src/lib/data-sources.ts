import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";

import { placeholder } from "./build/placeholder.ts";

/**
 * What panels read from: Grafana's name of the plugin, the variable by which a dashboard chooses one, and the uid that is
 * provisioned, which the variable has at first.
 */
export const dataSources = {
  metrics: { type: "prometheus", variable: "metrics", label: "Prometheus", uid: "prometheus" },
  traces: { type: "tempo", variable: "traces", label: "Tempo", uid: "tempo" },
  history: {
    type: "grafana-postgresql-datasource",
    variable: "history",
    label: "QuestDB",
    uid: "questdb",
  },
} as const;

export type DataSourceName = keyof typeof dataSources;

/** The data source that the dashboard's variable names. */
export function reference(name: DataSourceName): DataSourceRef {
  const { type, variable } = dataSources[name];
  return { type, uid: placeholder(variable) };
}
