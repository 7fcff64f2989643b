import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { HistoryRow } from "@slipstream/engine/storage";
import { number, object } from "../stored-form/form.ts";
import type { Changes } from "./change-source.ts";
import { arraysOf, prepareArrays } from "./embedded-query.ts";
import { columnList, embeddedTables } from "./embedded-tables.ts";
import { SinkPosition } from "./sink-position.ts";

const TABLE = "mev_verdicts";

const waitingRow = object({ count: number, newestUs: number.nullable() });
const oldestRow = object({ timestamp: number }).optional();

interface Statements {
  readonly rows: StatementSync;
  readonly waiting: StatementSync;
  readonly oldest: StatementSync;
}

/**
 * The history's final verdicts of all desks, in the order in which they became final, as one sink reads them. A final verdict never
 * changes, so each is given once.
 */
export class FinalVerdicts {
  readonly #history: { readonly newest: number };
  readonly #tables: readonly Statements[];
  readonly #position: SinkPosition;
  // Those that wait are counted once, when they come.
  #waiting = 0;
  #countedTo: number;
  #newestUs: number | undefined;
  #dropped = 0;

  /** A sink that is new begins with the next verdict: the trades of those that are there may be long gone from where it writes to. */
  constructor(history: { readonly newest: number }, database: DatabaseSync, sink: string) {
    this.#history = history;
    this.#tables = embeddedTables
      .filter(({ table }) => table === TABLE)
      .map((table) => {
        const from = `FROM ${table.name} WHERE change > ? AND state = 'final'`;
        return {
          rows: prepareArrays(
            database,
            `SELECT change, ${columnList(table)} ${from} ORDER BY change LIMIT ?`,
          ),
          waiting: database.prepare(
            `SELECT count(*) AS count, max(timestamp) AS newestUs ${from} AND change <= ?`,
          ),
          oldest: database.prepare(`SELECT timestamp ${from} ORDER BY change LIMIT 1`),
        };
      });
    this.#position = new SinkPosition(database, sink);
    if (this.#position.value === undefined) this.#position.moveTo(history.newest);
    this.#countedTo = this.position;
  }

  /** Number of the last change that the sink is done with. */
  get position(): number {
    return this.#position.value ?? 0;
  }

  /** How many the sink is not done with. */
  get waiting(): number {
    const { newest } = this.#history;
    if (newest > this.#countedTo) {
      this.#waiting += this.#count(this.#countedTo, newest);
      this.#countedTo = newest;
    }
    return this.#waiting;
  }

  /** Those that were deleted before the sink had them, since this object was made. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Event time between the oldest that waits and the newest, ms; 0 if none waits. */
  get lagMs(): number {
    if (this.waiting === 0 || this.#newestUs === undefined) return 0;
    const oldest = this.#tables.flatMap(({ oldest }) => {
      return oldestRow.parse(oldest.get(this.position))?.timestamp ?? [];
    });
    return Math.max(0, this.#newestUs - Math.min(...oldest, this.#newestUs)) / 1_000;
  }

  /** The next ones, at most `limit`. */
  next(limit: number): Changes {
    const { newest } = this.#history;
    const found = this.#tables
      .flatMap(({ rows }) => arraysOf(rows.all(this.position, limit)))
      .map(([change, ...values]) => ({
        change: Number(change),
        row: { table: TABLE, values } satisfies HistoryRow,
      }))
      .sort((a, b) => a.change - b.change)
      .slice(0, limit);
    const change = found.length < limit ? newest : found.at(-1)?.change;
    return { rows: found.map(({ row }) => row), change: change ?? newest };
  }

  /** The sink is done with everything up to the number, for good. */
  moveTo(change: number): void {
    if (change <= this.position) return;
    const { waiting } = this;
    const done = this.#count(this.position, change);
    this.#position.moveTo(change);
    this.#waiting = waiting - done;
  }

  /** Rows were deleted, perhaps some that wait. */
  notePruned(): void {
    const before = this.waiting;
    if (before === 0) return;
    this.#waiting = this.#count(this.position, this.#countedTo);
    this.#dropped += before - this.#waiting;
  }

  #count(after: number, to: number): number {
    let sum = 0;
    for (const { waiting } of this.#tables) {
      const { count, newestUs } = waitingRow.parse(waiting.get(after, to));
      sum += count;
      if (newestUs !== null) this.#newestUs = Math.max(this.#newestUs ?? newestUs, newestUs);
    }
    return sum;
  }
}
