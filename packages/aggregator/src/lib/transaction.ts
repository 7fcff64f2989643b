import type { DatabaseSync } from "node:sqlite";

/** Runs `work` in a transaction of its own; what it throws undoes all of it. */
export function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    work();
    database.exec("COMMIT");
  } catch (error) {
    // SQLite has rolled back by itself after some errors.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
