import {
  answerMev,
  createMemoryDashboards,
  type FoundRows,
  type HistoryQuery,
  type MevReport,
} from "@slipstream/aggregator";
import type { Transition } from "@slipstream/alerts";
import { DESK_COLUMN } from "@slipstream/conventions";
import {
  type CurrentStatistics,
  Desks,
  Engine,
  type EngineBatch,
  type EngineRecord,
  type HistoryRow,
  recordOf,
  rowOfDesk,
} from "@slipstream/engine";
import { renderOpenMetrics } from "@slipstream/exposition";
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
  /** What came of alerts, in order. */
  readonly alerts: Transition[] = [];
  readonly #desk: string;
  readonly #rows: HistoryRow[] = [];
  // Of another desk than the own one, beside that one.
  readonly #engines: Engine | Desks;
  #began: boolean;
  // Without a clock: what is kept is decided by the newest instant.
  readonly #store: ReturnType<typeof createMemoryDashboards> = createMemoryDashboards({ now: () => 0 });

  /** @param desk "" for the aggregator's own */
  constructor(desk = "") {
    this.#desk = desk;
    const duties = { history: true };
    this.#engines =
      desk === "" ? new Engine({ capitalUsd }, duties) : new Desks({ desks: { own: "", most: 8 } }, duties);
    this.#began = desk === "";
  }

  async apply({ receivedMs, batch }: EngineRecord): Promise<void> {
    const own = this.#ownPart(batch);
    if (own === undefined) return;
    const { publications, rows, alerts } = this.#engines.apply({ receivedMs, batch: own });
    this.alerts.push(...alerts.filter(({ desk = "" }) => desk === this.#desk));
    this.#rows.push(
      ...rows.filter((row) => recordOf(row)[DESK_COLUMN] === this.#desk).map((row) => rowOfDesk(row, "")),
    );
    const instants = publications.flatMap(({ desk = "", ...each }) => (desk === this.#desk ? [each] : []));
    if (instants.length > 0) await this.#store.write(instants, { current: false });
  }

  get #engine(): Engine {
    if (this.#engines instanceof Engine) return this.#engines;
    return this.#engines.engineOf(this.#desk) ?? this.#engines.own;
  }

  /** What of a record concerns the desk; undefined: nothing. Another desk than the own one begins with its first data. */
  #ownPart(batch: EngineBatch): EngineBatch | undefined {
    if (batch.kind === "options" || batch.kind === "rules") return batch;
    // A silence holds for a desk that comes later, too.
    if (batch.kind === "alert") {
      const { command, desk = "" } = batch;
      return !("alert" in command) || desk === this.#desk ? batch : undefined;
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
    const find = async ({ table }: HistoryQuery): Promise<FoundRows> => ({
      rows: rowsOf(this.history(), table),
      missing: [],
    });
    return answerMev({ find }, question);
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
