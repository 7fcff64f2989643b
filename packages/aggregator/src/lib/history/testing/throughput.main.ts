/**
 * Rows that the embedded history writes in a second, 1,000 in a transaction, and reads again as changes:
 * node --conditions=slipstream-source packages/aggregator/src/lib/history/testing/throughput.main.ts [ROWS]
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { HistoryRow } from "@slipstream/engine";
import { EmbeddedHistory } from "../embedded-history.ts";
import { tradeRow } from "./rows.ts";

const BATCH = 1_000;
const total = Number(process.argv[2] ?? 200_000);
const ADDRESS = "So11111111111111111111111111111111111111112";

function trade(index: number): HistoryRow {
  return tradeRow(index, {
    side: "buy",
    strategy: "arbitrage",
    protection: "jito",
    size_usd: 1_000 + index / 3,
    pnl_usd: (index % 100) / 7 - 5,
    slippage_bps: (index % 50) / 3,
    actual_out: "123456789012345678901234567000",
    token_in: ADDRESS,
    token_out: ADDRESS,
    pool: ADDRESS,
    slot: 285_000_000 + index,
    signature: String(index).padStart(88, "5"),
  });
}

const folder = mkdtempSync(join(tmpdir(), "slipstream-history-"));
const file = join(folder, "state.sqlite");
const database = new DatabaseSync(file);
database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
const history = new EmbeddedHistory(database);

function timed(work: () => void): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}

function write(rows: readonly HistoryRow[]): void {
  database.exec("BEGIN IMMEDIATE");
  history.write(rows);
  database.exec("COMMIT");
}

let writing = 0;
let again = 0;
for (let from = 0; from < total; from += BATCH) {
  const rows = Array.from({ length: BATCH }, (_, i) => trade(from + i));
  writing += timed(() => write(rows));
  again += timed(() => write(rows));
}
let read = 0;
const reading = timed(() => {
  for (let after = 0; ; ) {
    const { rows, change } = history.changes(after, BATCH);
    if (rows.length === 0) break;
    read += rows.length;
    after = change;
  }
});
const perSecond = (rows: number, ms: number): string => `${Math.round(rows / ms)} K rows/s`;
process.stdout.write(
  `written ${perSecond(total, writing)}, the same again ${perSecond(total, again)}, read as changes ` +
    `${perSecond(read, reading)}, ${Math.round(statSync(file).size / total)} bytes a row\n`,
);
database.close();
rmSync(folder, { recursive: true });
