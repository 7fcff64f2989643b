import { DatabaseSync } from "../sqlite.ts";
import { inTransaction } from "../transaction.ts";
import { DashboardTables } from "./dashboard-tables.ts";
import type { WritableDashboards } from "./dashboards.ts";

export interface MemoryDashboardsOptions {
  /** Unix ms. */
  readonly now?: () => number;
}

/** They are gone once closed. */
export interface MemoryDashboards extends WritableDashboards {
  close(): Promise<void>;
}

/** What Redis holds for the dashboards, in memory: for a process that writes no disk. */
export function createMemoryDashboards({ now = Date.now }: MemoryDashboardsOptions = {}): MemoryDashboards {
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
