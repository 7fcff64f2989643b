import type { DatabaseSync } from "node:sqlite";
import type { ReadableParts } from "@slipstream/engine/storage";
import { OutboxTables } from "../alerts/outbox/outbox-tables.ts";
import { DashboardTables } from "../dashboards/dashboard-tables.ts";
import type { ChangeSource } from "../history/change-source.ts";
import { EmbeddedHistory, type EmbeddedHistoryOptions } from "../history/embedded-history.ts";
import type { FinalVerdicts } from "../history/final-verdicts.ts";
import { inTransaction } from "../transaction.ts";
import { CheckpointTables } from "./checkpoint-tables.ts";
import { type StateQueries, type StateWrite, sizeOf } from "./messages.ts";

/** Rows and instants that share a transaction, about: so long may a query have to wait. */
const MOST_AT_ONCE = 2_048;

/**
 * What the store's thread does, without the thread: writes wait in a queue and are carried out in order, many
 * to a transaction. A write that fails stays first in the queue; nothing after it is carried out before it.
 */
export class StateTables {
  readonly #database: DatabaseSync;
  /** By desk. */
  readonly #dashboards: Map<string, DashboardTables> = new Map();
  readonly #history: EmbeddedHistory;
  readonly #checkpoints: CheckpointTables;
  readonly #outbox: OutboxTables;
  readonly #queue: StateWrite[] = [];
  readonly queries: StateQueries;

  /** @param parts what this Slipstream saves and reads of an engine */
  constructor(database: DatabaseSync, parts: ReadableParts, options: EmbeddedHistoryOptions = {}) {
    this.#database = database;
    this.#history = new EmbeddedHistory(database, options);
    this.#checkpoints = new CheckpointTables(database, parts);
    this.#outbox = new OutboxTables(database);
    this.queries = {
      dashboardCurrent: (desk, nowMs) => this.#dashboard(desk).current(nowMs),
      dashboardSeries: (desk, fromMs, toMs) => this.#dashboard(desk).series(fromMs, toMs),
      dashboardCount: (desk, dayMs) => this.#dashboard(desk).count(dayMs),
      history: (query) => this.#history.find(query),
      outbox: () => this.#outbox.content(),
      checkpoints: () => this.#checkpoints.positions(),
      knownCheckpoints: () => this.#checkpoints.known(),
      checkpoint: (id) => this.#checkpoints.read(id),
    };
  }

  /** Keeps the own desk's name, for whoever reads the file alone. */
  nameOwnDesk(name: string): void {
    this.#history.nameOwnDesk(name);
  }

  /** What a remote store of this name is filled from. */
  historySource(name: string): ChangeSource {
    return this.#history.sourceFor(name);
  }

  /** The final verdicts for a sink of this name. */
  finalVerdicts(name: string): FinalVerdicts {
    return this.#history.finalVerdictsFor(name);
  }

  get waiting(): number {
    return this.#queue.length;
  }

  add(write: StateWrite): void {
    this.#queue.push(write);
  }

  /**
   * Carries out the writes that wait, as many as go into one transaction. Returns how many.
   * @throws what SQLite threw; then none of them was carried out, and all of them wait on.
   */
  drain(): number {
    if (this.#queue.length === 0) return 0;
    let count = 0;
    inTransaction(this.#database, () => {
      for (let size = 0; count < this.#queue.length && size < MOST_AT_ONCE; count += 1) {
        const write = this.#queue[count] as StateWrite;
        this.#carryOut(write);
        size += sizeOf(write);
      }
    });
    this.#queue.splice(0, count);
    return count;
  }

  /** Deletes what is past its time and tidies what is left, some of it at a time. Says whether there may be more. */
  tidy(): boolean {
    let more = false;
    inTransaction(this.#database, () => {
      const hasPruned = this.#history.prune(MOST_AT_ONCE) >= MOST_AT_ONCE;
      const hasForgotten = this.#outbox.prune(Date.now(), MOST_AT_ONCE) >= MOST_AT_ONCE;
      more = this.#history.group() || hasPruned || hasForgotten;
    });
    return more;
  }

  close(): void {
    this.#database.close();
  }

  #dashboard(desk: string): DashboardTables {
    const known = this.#dashboards.get(desk) ?? new DashboardTables(this.#database, desk);
    this.#dashboards.set(desk, known);
    return known;
  }

  #carryOut(write: StateWrite): void {
    switch (write.kind) {
      case "publish":
        for (const { desk, points, current } of write.instants)
          this.#dashboard(desk).write(points, current, write.nowMs);
        this.#history.write(write.rows, write.blocks);
        return;
      case "checkpoint":
        this.#checkpoints.write(write.checkpoint, write.after);
        return;
      case "outbox":
        this.#outbox.write(write.entries, write.changes);
        return;
      case "flush":
        return;
      case "keep":
        this.#checkpoints.keep(write.positions, write.droppedThrough);
    }
  }
}
