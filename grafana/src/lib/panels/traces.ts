import { PanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import { described, type PanelSpec } from "./panel.ts";

const HEIGHT = 8;

/** Traces that a search finds, newest first. Grafana makes their ids links to the traces. */
export function traces(spec: PanelSpec): PanelBuilder {
  return described(new PanelBuilder(), spec, HEIGHT).showHeader(true);
}
