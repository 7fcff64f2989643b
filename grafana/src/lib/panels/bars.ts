import { PanelBuilder } from "@grafana/grafana-foundation-sdk/bargauge";
import {
  BarGaugeDisplayMode,
  BarGaugeValueMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
} from "@grafana/grafana-foundation-sdk/common";
import { described, type PanelSpec } from "./panel.ts";

const HEIGHT = 8;

/** The newest values side by side, to compare them. */
export function bars(spec: PanelSpec): PanelBuilder {
  return described(new PanelBuilder(), spec, HEIGHT)
    .displayMode(BarGaugeDisplayMode.Basic)
    .valueMode(BarGaugeValueMode.Color)
    .orientation(VizOrientation.Horizontal)
    .showUnfilled(true)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["last"]).fields("").values(false));
}
