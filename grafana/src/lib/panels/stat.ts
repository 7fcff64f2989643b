import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
} from "@grafana/grafana-foundation-sdk/common";
import type { ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { described, type PanelSpec } from "./panel.ts";

export interface StatSpec extends PanelSpec {
  readonly mappings?: readonly ValueMapping[];
  /** Shows the series' names instead of their values. */
  readonly names?: boolean;
  /** Units of some of the values, by their names: a rate stands beside its count. */
  readonly beside?: Readonly<Record<string, string>>;
}

const HEIGHT = 5;

/** The newest values, large. Their queries are instant ones: one over a time would show a value that is no longer known. */
export function stat(spec: StatSpec): PanelBuilder {
  const several = spec.queries.length > 1;
  const panel = described(new PanelBuilder(), spec, HEIGHT)
    .graphMode(BigValueGraphMode.None)
    .colorMode(
      spec.limits === undefined && spec.mappings === undefined
        ? BigValueColorMode.None
        : BigValueColorMode.Value,
    )
    .textMode(
      spec.names === true
        ? BigValueTextMode.Name
        : several
          ? BigValueTextMode.ValueAndName
          : BigValueTextMode.Value,
    )
    .orientation(VizOrientation.Horizontal)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["last"]).fields("").values(false));
  if (spec.mappings !== undefined) panel.mappings([...spec.mappings]);
  for (const [name, unit] of Object.entries(spec.beside ?? {}))
    panel.overrideByName(name, [
      { id: "unit", value: unit },
      { id: "decimals", value: 0 },
      { id: "max", value: null },
      { id: "thresholds", value: { mode: "absolute", steps: [{ value: null, color: "text" }] } },
    ]);
  return panel;
}
