import { DatabaseSync } from "node:sqlite";
import { DashboardTables } from "../store/dashboard-tables.ts";
import { inTransaction } from "../store/transaction.ts";
import type { DashboardStore } from "./dashboard-store.ts";

export interface EmbeddedStoreOptions {
  /** Unix ms. */
  readonly now?: () => number;
}

/** What Redis holds for the dashboards, in memory: for a process that writes no disk. */
export function createEmbeddedStore({ now = Date.now }: EmbeddedStoreOptions = {}): DashboardStore {
  const database = new DatabaseSync(":memory:");
  const tables = new DashboardTables(database);
  return {
    name: "embedded",
    async write(points, { current }) {
      inTransaction(database, () => tables.write(points, current, now()));
      return tables.counts(points);
    },
    async current() {
      return tables.current(now());
    },
    async series(fromMs, toMs) {
      return tables.series(fromMs, toMs);
    },
    async count(day) {
      return tables.count(day);
    },
    async close() {
      if (database.isOpen) database.close();
    },
  };
}
