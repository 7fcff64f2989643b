import type { DatabaseSync } from "node:sqlite";

/** Whether a database has the table. One that an older Slipstream wrote may lack it. */
export function hasTable(database: DatabaseSync, name: string): boolean {
  return database.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").get(name) !== undefined;
}
