import { readFileSync, writeFileSync } from "node:fs";
import { alertsPage, withTables } from "./lib/docs/alerts-page.ts";

/** Writes the tables of `docs/alerts.md`: `npm run docs`. */
writeFileSync(alertsPage, withTables(readFileSync(alertsPage, "utf8")));
