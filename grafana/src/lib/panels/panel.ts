import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import type {
  DashboardLink,
  DynamicConfigValue,
  Panel,
  ThresholdsConfig,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { runbook } from "../build/links.ts";
import { type Limits, thresholds } from "../build/thresholds.ts";
import { reference } from "../data-sources.ts";
import type { Query } from "../queries/query.ts";

/** What every kind of panel has. */
export interface PanelSpec {
  readonly title: string;
  /** What the panel shows, and over which time. */
  readonly shows: string;
  /** What to do when it looks bad. */
  readonly whenBad: string;
  /** Why there may be no data. */
  readonly noData?: string;
  /** Of 24 columns. */
  readonly width: number;
  /** Of 30 pixels. Each kind has its own default. */
  readonly height?: number;
  readonly queries: readonly Query[];
  /** A unit of Grafana's: see `units`. */
  readonly unit?: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly limits?: Limits;
  /** Page of `docs/` with more about it. */
  readonly page: string;
  /** The time that it shows, if that is not the dashboard's: `90d`. */
  readonly last?: string;
  /** Least step between two points. */
  readonly interval?: string;
}

/** What the builders of all kinds have in common. */
interface PanelBuilder extends Builder<Panel> {
  title(title: string): this;
  description(description: string): this;
  span(width: number): this;
  height(height: number): this;
  datasource(source: DataSourceRef): this;
  withTarget(target: Builder<Dataquery>): this;
  links(links: Builder<DashboardLink>[]): this;
  noValue(text: string): this;
  unit(unit: string): this;
  decimals(decimals: number): this;
  min(min: number): this;
  max(max: number): this;
  thresholds(thresholds: Builder<ThresholdsConfig>): this;
  timeFrom(time: string): this;
  interval(interval: string): this;
  overrideByName(name: string, properties: DynamicConfigValue[]): this;
}

/** What a panel shows if nothing is known: never 0. */
const NO_DATA = "no data";

/** Gives a builder what every kind of panel has. */
export function described<B extends PanelBuilder>(builder: B, spec: PanelSpec, height: number): B {
  const { queries, unit, decimals, min, max, last, interval } = spec;
  const [first] = queries;
  if (first === undefined) throw new Error(`${spec.title} has no query.`);
  builder
    .title(spec.title)
    .description(description(spec))
    .span(spec.width)
    .height(spec.height ?? height)
    .datasource(reference(first.source))
    .links([runbook(spec.page)])
    .noValue(NO_DATA)
    .thresholds(thresholds(spec.limits));
  for (const [at, query] of queries.entries()) builder.withTarget(query.target(letter(at)));
  if (unit !== undefined) builder.unit(unit);
  if (decimals !== undefined) builder.decimals(decimals);
  if (min !== undefined) builder.min(min);
  if (max !== undefined) builder.max(max);
  if (last !== undefined) builder.timeFrom(last);
  if (interval !== undefined) builder.interval(interval);
  return builder;
}

function description({ shows, whenBad, noData }: PanelSpec): string {
  const parts = [shows, `**When it is bad:** ${whenBad}`];
  if (noData !== undefined) parts.push(`**No data:** ${noData}`);
  return parts.join("\n\n");
}

function letter(at: number): string {
  return String.fromCharCode("A".charCodeAt(0) + at);
}
