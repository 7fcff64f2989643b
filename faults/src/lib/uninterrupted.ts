import {
  answerMev,
  createMemoryDashboards,
  type HistoryQuery,
  type MevReport,
  renderOpenMetrics,
} from "@slipstream/aggregator";
import {
  type CurrentStatistics,
  Engine,
  type EngineBatch,
  type EngineRecord,
  type HistoryRow,
} from "@slipstream/engine";
import { decodeMetrics, decodeTraces, type Resource } from "@slipstream/otlp/decode";
import type { ReportQuestion } from "./aggregator/read.ts";
import { rowsOf, type Tables, tablesOf } from "./aggregator/stored-history.ts";
import type { Series } from "./aggregator/stored-series.ts";
import type { Batch } from "./load/batch.ts";

/** The engine's settings in every test; the aggregator has them by its environment. */
const capitalUsd = 100_000;
export const settings: Readonly<Record<string, string>> = { SLIPSTREAM_CAPITAL_USD: String(capitalUsd) };

/**
 * An engine in the test's own process that nothing interrupts, and what its sinks would hold. It is of one desk, and takes that desk's
 * part of what it is given.
 */
export class Uninterrupted {
  readonly #desk: string;
  readonly #rows: HistoryRow[] = [];
  readonly #engine: Engine;
  #began: boolean;
  // Without a clock: what is kept is decided by the newest instant.
  readonly #store: ReturnType<typeof createMemoryDashboards> = createMemoryDashboards({ now: () => 0 });

  /** @param desk "" for the aggregator's own */
  constructor(desk = "") {
    this.#desk = desk;
    this.#engine = new Engine(desk === "" ? { capitalUsd } : {}, { history: true });
    this.#began = desk === "";
  }

  async apply({ receivedMs, batch }: EngineRecord): Promise<void> {
    const own = this.#ownPart(batch);
    if (own === undefined) return;
    const { publications, rows } = this.#engine.apply({ receivedMs, batch: own });
    this.#rows.push(...rows);
    if (publications.length > 0) await this.#store.write(publications, { current: false });
  }

  /** What of a record concerns the desk; undefined: nothing. Another desk than the own one begins with its first data. */
  #ownPart(batch: EngineBatch): EngineBatch | undefined {
    if (batch.kind === "options") {
      const { options } = batch;
      return this.#desk === "" ? batch : { kind: "options", options: { ...options, capitalUsd: undefined } };
    }
    if (batch.kind !== "traces" && batch.kind !== "metrics") return this.#began ? batch : undefined;
    const isOwn = ({ resource }: { readonly resource: Resource }): boolean => resource.desk === this.#desk;
    const refusals = batch.refusals.filter(isOwn);
    const part: EngineBatch =
      batch.kind === "traces"
        ? { ...batch, spans: batch.spans.filter(isOwn), refusals }
        : {
            ...batch,
            points: batch.points.filter(isOwn),
            resources: batch.resources.filter(({ desk }) => desk === this.#desk),
            refusals,
          };
    const items = part.kind === "traces" ? part.spans : [...part.points, ...part.resources];
    if (items.length + refusals.length === 0) return undefined;
    this.#began = true;
    return part;
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
