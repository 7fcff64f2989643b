import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableHide,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { aggregatorMetrics, processMetrics, tradeLabelMetrics } from "@slipstream/conventions";
import { type DataSourceName, dataSources, reference } from "../data-sources.ts";
import { AGGREGATOR_JOB, everyService, ofAggregator, ofDesk } from "../promql/series.ts";
import { OWN_DESK } from "./own-desk.ts";

type Variable = Builder<VariableModel>;

/** Which Prometheus, Tempo or QuestDB the panels read from. */
export function dataSource(name: DataSourceName): Variable {
  const { variable, label, type, uid } = dataSources[name];
  return new DatasourceVariableBuilder(variable)
    .label(label)
    .type(type)
    .current({ selected: true, text: label, value: uid });
}

/** One aggregator: two of them count the same trades, so their values are never added. */
export function aggregator(): Variable {
  return values(
    "aggregator",
    "Aggregator",
    `${processMetrics.buildInfo.name}{job="${AGGREGATOR_JOB}"}`,
    "instance",
  );
}

/**
 * One desk. Data of the aggregator's own desk have no label `desk`, so the query makes up a text and a value for each desk:
 * "own desk" and `()`, or twice its name.
 */
export function desk(): Variable {
  const named = `label_replace(label_replace(${ofAggregator(aggregatorMetrics.watermark)}, "text", "$1", "desk", "(.+)"), "value", "$1", "desk", "(.+)")`;
  const all = `label_replace(label_replace(${named}, "text", "own desk", "desk", ""), "value", "${OWN_DESK}", "desk", "")`;
  return new QueryVariableBuilder("desk")
    .label("Desk")
    .description("Whose trades: those of the aggregator's own desk, or of another one that sends to it")
    .datasource(reference("metrics"))
    .query({ query: `query_result(${all})`, qryType: 3, refId: "desk" })
    .regex(`/text="(?<text>[^"]+)".*value="(?<value>[^"]+)"/`)
    .current({ selected: true, text: "own desk", value: OWN_DESK })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.Disabled);
}

export function pair(): Variable {
  return several("pair", "Pair", ofDesk(tradeLabelMetrics.pair.trades));
}

export function operation(): Variable {
  return several("operation", "Operation", ofDesk(aggregatorMetrics.latency));
}

/** Jobs of trading services: never the aggregator's. */
export function job(): Variable {
  return several("job", "Service", `{__name__=~"${everyService}",job!="${AGGREGATOR_JOB}"}`);
}

export function instance(): Variable {
  const series = `{__name__=~"${everyService}",job!="${AGGREGATOR_JOB}",job=~"$job"}`;
  return several("instance", "Process", series);
}

/** What `questdbTablePrefix` puts before the names of tables. Set it in the dashboard's settings. */
export function tablePrefix(): Variable {
  return new TextBoxVariableBuilder("table_prefix")
    .label("Prefix of QuestDB's tables")
    .defaultValue("")
    .current({ selected: true, text: "", value: "" })
    .hide(VariableHide.HideVariable);
}

/** Values of the label that is called like the variable; any number of them can be chosen. */
function several(name: string, label: string, series: string): Variable {
  return values(name, label, series, name)
    .multi(true)
    .includeAll(true)
    .allValue(".+")
    .current({ selected: true, text: ["All"], value: ["$__all"] });
}

function values(name: string, label: string, series: string, of: string): QueryVariableBuilder {
  const query = `label_values(${series}, ${of})`;
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(reference("metrics"))
    .query({ query, qryType: 5, refId: name })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
}
