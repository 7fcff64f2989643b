import {
  type DashboardInstant,
  Engine,
  type EngineOptions,
  type EngineRecord,
  type HistoryRow,
  type Publication,
  type StatisticValue,
} from "@slipstream/engine";

export interface Run {
  readonly engine: Engine;
  readonly publications: readonly Publication[];
  /** What a store holds in the end: the last values of each instant. */
  readonly instants: ReadonlyMap<number, DashboardInstant>;
  /** Rows of the history, in the order in which they came about. */
  readonly rows: readonly HistoryRow[];
}

/** Applies records to a new engine. */
export function run(records: readonly EngineRecord[], options: Partial<EngineOptions> = {}): Run {
  const engine = new Engine(options, { history: true });
  const effects = records.map((record) => engine.apply(record));
  const publications = effects.flatMap((each) => each.publications);
  const rows = effects.flatMap((each) => each.rows);
  const instants = new Map(publications.map(({ timeMs, values }) => [timeMs, values]));
  return { engine, publications, instants: new Map([...instants].sort(([a], [b]) => a - b)), rows };
}

/** Everything that can be read of an engine, as text. */
export function stateOf(engine: Engine): string {
  const families = JSON.stringify(engine.collect());
  return `${JSON.stringify(engine.current())}\n${families}\n${engine.watermarkMs}`;
}

/** A statistic that has one value. */
export function statistic(engine: Engine, name: string): StatisticValue {
  const entry = engine.current().statistics[name];
  if (entry === undefined || "series" in entry) throw new Error(`${name} is no single statistic`);
  return entry;
}
