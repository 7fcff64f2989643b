import { AxisPlacement, HeatmapCellLayout, TooltipDisplayMode } from "@grafana/grafana-foundation-sdk/common";
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapColorScale,
  HeatmapTooltipBuilder,
  PanelBuilder,
  RowsHeatmapOptionsBuilder,
  YAxisConfigBuilder,
} from "@grafana/grafana-foundation-sdk/heatmap";
import { described, type PanelSpec } from "./panel.ts";

const HEIGHT = 9;

/** How many calls fell into each bucket of a histogram, over time. Dots are exemplars, each of which leads to a trace. */
export function heatmap(spec: PanelSpec): PanelBuilder {
  const { unit = "s", ...rest } = spec;
  return described(new PanelBuilder(), rest, HEIGHT)
    .calculate(false)
    .rowsFrame(new RowsHeatmapOptionsBuilder().layout(HeatmapCellLayout.Auto).value("Calls"))
    .color(
      new HeatmapColorOptionsBuilder()
        .mode(HeatmapColorMode.Scheme)
        .scheme("Oranges")
        .scale(HeatmapColorScale.Exponential)
        .exponent(0.5)
        .steps(64),
    )
    .yAxis(new YAxisConfigBuilder().unit(unit).axisPlacement(AxisPlacement.Left))
    .tooltip(
      new HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).yHistogram(true).showColorScale(true),
    )
    .exemplarsColor("rgba(120,190,255,0.9)")
    .cellGap(1)
    .showLegend();
}
