import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import type { DataSourceName } from "../data-sources.ts";

/** A panel's query. The panel gives it its letter, A, B, ... */
export interface Query {
  readonly source: DataSourceName;
  /** Names of its series, as far as they are known beforehand. */
  readonly names: readonly string[];
  readonly target: (refId: string) => Builder<Dataquery>;
}
