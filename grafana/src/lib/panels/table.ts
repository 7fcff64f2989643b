import { TableSortByFieldStateBuilder } from "@grafana/grafana-foundation-sdk/common";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import { traceLink } from "../build/links.ts";
import { described, type PanelSpec } from "./panel.ts";

export interface Column {
  /** The field's name: a label, `Value #A`, or a column of SQL. */
  readonly field: string;
  readonly name: string;
  readonly unit?: string;
  readonly decimals?: number;
  /** Its values are ids of traces. */
  readonly traces?: boolean;
}

export interface TableSpec extends PanelSpec {
  /** In order. Other fields are not shown. */
  readonly columns: readonly Column[];
  /** Name of the column that it is sorted by, largest first. */
  readonly largestFirst?: string;
}

const HEIGHT = 8;

/** Rows. Those of several queries are joined by the labels that they share. */
export function table(spec: TableSpec): PanelBuilder {
  const { columns, largestFirst } = spec;
  const panel = described(new PanelBuilder(), spec, HEIGHT).showHeader(true);
  if (spec.queries.length > 1) panel.withTransformation({ id: "merge", options: {} });
  panel
    .withTransformation({
      id: "filterFieldsByName",
      options: { include: { names: columns.map(({ field }) => field) } },
    })
    .withTransformation({
      id: "organize",
      options: {
        excludeByName: {},
        indexByName: Object.fromEntries(columns.map(({ field }, at) => [field, at])),
        renameByName: Object.fromEntries(columns.map(({ field, name }) => [field, name])),
      },
    });
  for (const { name, unit, decimals, traces } of columns) {
    const properties = [
      ...(unit === undefined ? [] : [{ id: "unit", value: unit }]),
      ...(decimals === undefined ? [] : [{ id: "decimals", value: decimals }]),
      ...(traces === true ? [{ id: "links", value: [traceLink()] }] : []),
    ];
    if (properties.length > 0) panel.overrideByName(name, properties);
  }
  if (largestFirst !== undefined)
    panel.sortBy([new TableSortByFieldStateBuilder().displayName(largestFirst).desc(true)]);
  return panel;
}
