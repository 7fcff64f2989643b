import {
  answerMev,
  createMemoryDashboards,
  type HistoryQuery,
  type MevReport,
  renderOpenMetrics,
} from "@slipstream/aggregator";
import { type CurrentStatistics, Engine, type EngineRecord, type HistoryRow } from "@slipstream/engine";
import { decodeMetrics, decodeTraces } from "@slipstream/otlp/decode";
import type { ReportQuestion } from "./aggregator/read.ts";
import { rowsOf, type Tables, tablesOf } from "./aggregator/stored-history.ts";
import type { Series } from "./aggregator/stored-series.ts";
import type { Batch } from "./load/batch.ts";

/** The engine's settings in every test; the aggregator has them by its environment. */
const capitalUsd = 100_000;
export const settings: Readonly<Record<string, string>> = { SLIPSTREAM_CAPITAL_USD: String(capitalUsd) };

/** An engine in the test's own process that nothing interrupts, and what its sinks would hold. */
export class Uninterrupted {
  readonly #rows: HistoryRow[] = [];
  readonly #engine: Engine = new Engine({ capitalUsd }, { history: true });
  // Without a clock: what is kept is decided by the newest instant.
  readonly #store: ReturnType<typeof createMemoryDashboards> = createMemoryDashboards({ now: () => 0 });

  async apply(record: EngineRecord): Promise<void> {
    const { publications, rows } = this.#engine.apply(record);
    this.#rows.push(...rows);
    if (publications.length > 0) await this.#store.write(publications, { current: false });
  }

  /** Applies a request as if it had been received at `receivedMs`. */
  applyBatch({ kind, plain, format }: Batch, receivedMs: number): Promise<void> {
    const batch = kind === "metrics" ? decodeMetrics(plain, format) : decodeTraces(plain, format);
    return this.apply({ receivedMs, batch });
  }

  /** Transactions of which no slot is known. */
  unplaced(): readonly string[] {
    return this.#engine.verdicts.unplaced(Number.MAX_SAFE_INTEGER);
  }

  /** What a report of MEV says of all of its history. */
  report(question: ReportQuestion): Promise<MevReport> {
    const rows = async ({ table }: HistoryQuery): Promise<readonly HistoryRow[]> =>
      rowsOf(this.history(), table);
    return answerMev({ rows }, question);
  }

  current(): CurrentStatistics {
    return this.#engine.current();
  }

  metrics(): string {
    return renderOpenMetrics(this.#engine.collect());
  }

  history(): Tables {
    return tablesOf(this.#rows);
  }

  async series(): Promise<Series> {
    const points = await this.#store.series(0, Number.MAX_SAFE_INTEGER);
    return new Map(points.map(({ timeMs, values }) => [timeMs, { ...values }]));
  }
}
