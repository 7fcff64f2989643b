import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { hasTable } from "../has-table.ts";
import { type MissingRows, missingInAll } from "../history/missing-rows.ts";
import { areHoursKnown } from "../history/trade-blocks/block-hours.ts";
import { addRowsOfBlocks } from "../history/trade-blocks/block-query.ts";
import { BLOCK_SPAN_US } from "../history/trade-blocks/packer.ts";

/** What was seen of the trades that the history keeps in blocks. */
export interface TradesInspection {
  /** Hours of a desk that have trades. */
  readonly hours: number;
  /** Of them so many were looked at, the newest first. */
  readonly seenHours: number;
  readonly seenTrades: number;
  /** What of them cannot be read; undefined if all can. */
  readonly missing: MissingRows | undefined;
}

const hourRows = z.array(z.object({ desk: z.string(), hour: z.number() }));

/** Reads blocks of trades hour by hour, the newest first, until `untilMs` of performance.now(). Nothing is written. */
export function inspectTrades(database: DatabaseSync, untilMs: number): TradesInspection {
  const hours = hoursOf(database);
  const missing: MissingRows[] = [];
  let [seenHours, seenTrades] = [0, 0];
  for (const { desk, hour } of hours) {
    if (performance.now() >= untilMs) break;
    const [fromMs, toMs] = [(hour * BLOCK_SPAN_US) / 1_000, ((hour + 1) * BLOCK_SPAN_US) / 1_000];
    const counter = {
      add: () => {
        seenTrades += 1;
      },
      floorUs: () => undefined,
    };
    // An hour at a time, so that an aggregator can tidy its file meanwhile.
    database.exec("BEGIN");
    try {
      missing.push(...addRowsOfBlocks(database, { table: "trades", desk, fromMs, toMs }, counter));
    } finally {
      database.exec("COMMIT");
    }
    seenHours += 1;
  }
  return { hours: hours.length, seenHours, seenTrades, missing: missingInAll(missing) };
}

function hoursOf(database: DatabaseSync): z.infer<typeof hourRows> {
  if (!hasTable(database, "trade_blocks")) return [];
  const inBlocks = `SELECT DISTINCT desk, to_us / ${BLOCK_SPAN_US} AS hour FROM trade_blocks`;
  const known = areHoursKnown(database) ? "UNION SELECT desk, hour FROM trade_hours" : "";
  // Times that were never written do not stop it: no other hour than their own has them.
  const sql = `SELECT desk, hour FROM (${inBlocks} ${known}) WHERE abs(hour) < 2400000 ORDER BY hour DESC`;
  return hourRows.parse(database.prepare(sql).all());
}
