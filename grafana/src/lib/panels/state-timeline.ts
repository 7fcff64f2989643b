import {
  LegendDisplayMode,
  LegendPlacement,
  TimelineValueAlignment,
  VisibilityMode,
  VizLegendOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import type { ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/statetimeline";
import { described, type PanelSpec } from "./panel.ts";

export interface StateTimelineSpec extends PanelSpec {
  /** What the numbers mean. */
  readonly mappings: readonly ValueMapping[];
}

const HEIGHT = 6;

/** States over time, one line for each series. Where nothing is known, nothing is drawn. */
export function stateTimeline(spec: StateTimelineSpec): PanelBuilder {
  return described(new PanelBuilder(), spec, HEIGHT)
    .mappings([...spec.mappings])
    .mergeValues(true)
    .alignValue(TimelineValueAlignment.Left)
    .showValue(VisibilityMode.Auto)
    .fillOpacity(70)
    .lineWidth(0)
    .rowHeight(0.9)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    );
}
