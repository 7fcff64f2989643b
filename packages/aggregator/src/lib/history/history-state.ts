import type { DatabaseSync, StatementSync } from "node:sqlite";
import { number, object } from "../stored-form/form.ts";

/** How often it is noted how far the changes had come at what time. */
const MARK_MS = 600_000;

const numberRow = object({ number: number.nullable() }).optional();

/** Hands out change numbers, which never come again, and notes when they were handed out. */
export class HistoryState {
  readonly #put: StatementSync;
  readonly #mark: StatementSync;
  #newest: number;
  #markedMs: number;

  constructor(database: DatabaseSync) {
    this.#newest = numberOf(database, "SELECT value AS number FROM history_state WHERE name = 'newest'");
    this.#markedMs = numberOf(database, "SELECT max(written_ms) AS number FROM history_marks");
    // Older versions write the first alone: see `areHoursKnown`.
    this.#put = database.prepare(
      "INSERT INTO history_state (name, value) VALUES ('newest', ?1), ('hours', ?1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    );
    this.#mark = database.prepare(
      "INSERT INTO history_marks (written_ms, change) VALUES (?, ?) ON CONFLICT DO NOTHING",
    );
  }

  get newest(): number {
    return this.#newest;
  }

  /** Takes `count` numbers. @returns the first of them */
  take(count: number, nowMs: number): number {
    const first = this.#newest + 1;
    if (nowMs - this.#markedMs >= MARK_MS) {
      this.#markedMs = Math.floor(nowMs);
      this.#mark.run(this.#markedMs, this.#newest);
    }
    // Not taken back where the transaction fails: a number that nobody has does no harm.
    this.#newest += count;
    this.#put.run(this.#newest);
    return first;
  }
}

function numberOf(database: DatabaseSync, sql: string): number {
  return numberRow.parse(database.prepare(sql).get())?.number ?? 0;
}
