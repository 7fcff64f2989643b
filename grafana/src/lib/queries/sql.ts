import type { Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import { type HistoryTableName, historyTable } from "@slipstream/conventions";
import { OWN_DESK } from "../build/own-desk.ts";
import { placeholder } from "../build/placeholder.ts";
import { reference } from "../data-sources.ts";
import type { Query } from "./query.ts";

/** A query of Grafana's PostgreSQL data source, which the SDK has no builder for. */
export interface SqlQuery extends Dataquery {
  readonly refId: string;
  readonly datasource: ReturnType<typeof reference>;
  readonly editorMode: "code";
  readonly rawQuery: true;
  readonly rawSql: string;
  /** `time_series`: a column `time`, one of words that tells series apart, and one of numbers. */
  readonly format: "time_series" | "table";
}

/**
 * SQL for QuestDB.
 * @param names of its series, as far as they are known
 */
export function sql(rawSql: string, format: SqlQuery["format"], names: readonly string[] = []): Query {
  return {
    source: "history",
    names,
    target: (refId) => ({
      build: (): SqlQuery => ({
        refId,
        datasource: reference("history"),
        editorMode: "code",
        rawQuery: true,
        rawSql,
        format,
        _implementsDataqueryVariant: () => undefined,
      }),
    }),
  };
}

/** The table of the history, with the prefix that `questdbTablePrefix` puts before its name. */
export function table(name: HistoryTableName): string {
  return `"${placeholder("table_prefix", "raw")}${historyTable(name).name}"`;
}

/** Rows of the time that the panel shows, and of the desk chosen: the own one's column is null. */
export function inSight(): string {
  const desk = placeholder("desk", "sqlstring");
  return `$__timeFilter(timestamp) AND (desk = ${desk} OR (desk IS NULL AND ${desk} = '${OWN_DESK}'))`;
}
