import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import { FieldColorBuilder, FieldColorModeId } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { colourOverrides, colours, fixed } from "../build/colours.ts";
import { described, type PanelSpec } from "./panel.ts";

export interface TimeSeriesSpec extends PanelSpec {
  /** Bars on top of each other, for counts that add up. Default: lines. */
  readonly stacked?: boolean;
  /** Names of the two series between which the 95 % interval is filled. */
  readonly band?: { readonly low: string; readonly high: string };
  /** A series with an axis of its own on the right, and the unit of that. */
  readonly right?: { readonly series: string; readonly unit: string };
}

const HEIGHT = 8;

/** Values over time. A gap stays a gap: what was unknown is not joined by a line. */
export function timeSeries(spec: TimeSeriesSpec): PanelBuilder {
  const panel = described(new PanelBuilder(), spec, HEIGHT)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName))
    .lineWidth(1)
    .fillOpacity(spec.stacked === true ? 60 : 0)
    .showPoints(VisibilityMode.Auto)
    .spanNulls(false)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(["last", "max"]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (spec.stacked === true)
    panel
      .drawStyle(GraphDrawStyle.Bars)
      .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group("A"));
  if (spec.limits !== undefined)
    panel.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  for (const { name, properties } of colourOverrides(spec.queries.flatMap((query) => query.names)))
    panel.overrideByName(name, [...properties]);
  if (spec.band !== undefined) {
    const { low, high } = spec.band;
    const faint = [{ id: "custom.lineWidth", value: 0 }, fixed(colours.grey)];
    panel.overrideByName(low, faint);
    panel.overrideByName(high, [
      ...faint,
      { id: "custom.fillBelowTo", value: low },
      { id: "custom.fillOpacity", value: 20 },
    ]);
  }
  if (spec.right !== undefined)
    panel.overrideByName(spec.right.series, [
      { id: "unit", value: spec.right.unit },
      { id: "custom.axisPlacement", value: "right" },
      { id: "custom.lineStyle", value: { fill: "dash", dash: [4, 4] } },
      { id: "min", value: 0 },
      // The panel's own largest value is that of the left axis.
      { id: "max", value: null },
      fixed(colours.grey),
    ]);
  return panel;
}
