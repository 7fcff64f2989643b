/**
 * What a trade in the history costs, as a row of its own (as older versions wrote it) and in blocks, in one run, in turns; and how
 * soon trades are found again:
 * node --conditions=slipstream-source packages/aggregator/src/lib/history/testing/throughput.main.ts [TRADES]
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { HistoryRow } from "@slipstream/engine";
import { positionOf } from "../../log/position.ts";
import { RowBuffer } from "../../state/row-buffer.ts";
import { EmbeddedHistory } from "../embedded-history.ts";
import { START_MS, tradeRow } from "./rows.ts";

/** Trades of a request, and those of five seconds at 100 a second. */
const REQUEST = 10;
const FLUSH = 500;
const ROUND = 10_000;
const total = Number(process.argv[2] ?? 200_000);

/** Random digits of an alphabet. */
function digits(count: number, alphabet: string): string {
  const bytes = randomBytes(count).map((byte) => alphabet.charCodeAt(byte % alphabet.length));
  return Buffer.from(bytes).toString();
}

const HEX = "0123456789abcdef";
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const [mint = null, other = null, ...pools] = Array.from({ length: 22 }, () => digits(44, BASE58));

function trade(index: number): HistoryRow {
  return tradeRow(0, {
    timestamp: START_MS * 1_000 + index * 10_000,
    trade_id: digits(32, HEX),
    trace_id: digits(32, HEX),
    span_id: digits(16, HEX),
    side: "buy",
    strategy: "arbitrage",
    protection: "jito",
    size_usd: 1_000 + index / 3,
    pnl_usd: (index % 100) / 7 - 5,
    slippage_bps: (index % 50) / 3,
    slippage_tolerance_bps: 50,
    quoted_out: String(10 ** 11 + index),
    actual_out: String(10 ** 11 - index),
    min_out: String(10 ** 11 - 2 * index),
    amount_in: String(10 ** 9 + index),
    token_in: mint,
    token_out: other,
    pool: pools[index % pools.length] ?? null,
    sol_usd: 150.25,
    slot: 285_000_000 + index,
    signature: digits(88, BASE58),
    signer: mint,
    tip_lamports: 10_000,
    compute_unit_limit: 200_000,
    compute_unit_price: 5_000 + index,
  });
}

const folder = mkdtempSync(join(tmpdir(), "slipstream-history-"));

class Store {
  readonly file: string;
  readonly database: DatabaseSync;
  readonly history: EmbeddedHistory;
  readonly perRowUs: number[] = [];

  constructor(name: string) {
    this.file = join(folder, name);
    this.database = new DatabaseSync(this.file);
    this.database.exec("PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    this.history = new EmbeddedHistory(this.database);
  }

  write(...written: Parameters<EmbeddedHistory["write"]>): void {
    this.database.exec("BEGIN IMMEDIATE");
    this.history.write(...written);
    this.database.exec("COMMIT");
  }

  /** Measures what so many rows take of the processor. */
  measure(rows: number, work: () => void): void {
    const { user, system } = process.cpuUsage();
    work();
    const spent = process.cpuUsage({ user, system });
    this.perRowUs.push((spent.user + spent.system) / rows);
  }

  get bytes(): number {
    this.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return statSync(this.file).size;
  }
}

const asRows = new Store("rows.sqlite");
const asBlocks = new Store("blocks.sqlite");
const buffer = new RowBuffer();

function writeRows(rows: readonly HistoryRow[]): void {
  // To the state's thread and into the file, a request at a time.
  for (let at = 0; at < rows.length; at += REQUEST)
    asRows.write(structuredClone(rows.slice(at, at + REQUEST)));
}

function writeBlocks(rows: readonly HistoryRow[], from: number): void {
  for (let at = 0; at < rows.length; at += REQUEST) {
    const position = positionOf(from + at + 1);
    const isPublished = (from + at + REQUEST) % FLUSH === 0;
    const origin = { position, isWhole: true, isPublished, receivedMs: START_MS };
    const due = buffer.add(rows.slice(at, at + REQUEST), origin);
    if (due.blocks.length > 0) asBlocks.write([], structuredClone(due.blocks));
  }
}

const sample: HistoryRow[] = [];
for (let from = 0; from < total; from += ROUND) {
  const rows = Array.from({ length: Math.min(ROUND, total - from) }, (_, i) => trade(from + i));
  sample.push(rows[0] as HistoryRow);
  asRows.measure(rows.length, () => writeRows(rows));
  asBlocks.measure(rows.length, () => writeBlocks(rows, from));
}
asBlocks.write([], buffer.takeAll().blocks);

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const timed = (work: () => void): string => {
  const from = performance.now();
  work();
  return `${(performance.now() - from).toFixed(1)} ms`;
};

function readAll({ history }: Store): void {
  for (let after = 0; ; ) {
    const { rows, change } = history.changes(after, 2_000);
    if (rows.length === 0) return;
    after = change;
  }
}

for (const [name, store] of Object.entries({ "a row each": asRows, blocks: asBlocks })) {
  const find = (column: string, place: number) => () => {
    for (const row of sample.slice(0, 5)) {
      const equal = { [column]: String(row.values[place]) };
      if (store.history.rows({ table: "trades", equal, limit: 100 }).length !== 1)
        throw new Error("not found");
    }
  };
  const lines = [
    `${median(store.perRowUs).toFixed(2)} us of CPU a trade, ${Math.round(store.bytes / total)} bytes`,
    `all as changes ${timed(() => readAll(store))}`,
    `the newest 50 ${timed(() => store.history.rows({ table: "trades", limit: 50 }))}`,
    `5 by trade id ${timed(find("trade_id", 1))}, by trace id ${timed(find("trace_id", 2))}`,
  ];
  process.stdout.write(`${name}: ${lines.join("; ")}\n`);
  store.database.close();
}
const ratio = median(asRows.perRowUs.map((us, i) => us / (asBlocks.perRowUs[i] ?? Number.NaN)));
process.stdout.write(
  `${total} trades; blocks cost 1/${ratio.toFixed(1)}; load ${loadavg()[0]?.toFixed(1)}\n`,
);
rmSync(folder, { recursive: true });
