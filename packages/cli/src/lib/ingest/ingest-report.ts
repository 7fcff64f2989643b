import { quantity } from "@slipstream/conventions";
import { tokenName } from "@slipstream/solana";
import type { Sent } from "./ingest-block.ts";
import type { BlockTotals } from "./totals.ts";

const mostPools = 20;
const mostPrograms = 5;
const mostUndecoded = 10;

/** What `ingest-block` found and did, for people. */
export function ingestReport(totals: BlockTotals, sent: Sent, target: string): string {
  return [
    ...headLines(totals),
    "",
    ...poolLines(totals),
    ...programLines(totals),
    sentLine(sent, target),
  ].join("\n");
}

function headLines(totals: BlockTotals): string[] {
  const { slot, blockTime, blockTransactions, blockFailedTransactions } = totals;
  const time = blockTime?.replace("T", " ").replace(/\.\d+Z$/, " UTC") ?? "at an unknown time";
  const failed =
    totals.failedSwaps === 0
      ? []
      : [`${quantity(totals.failedSwaps, "swap")} in failed transactions, left out`];
  const unread = totals.undecoded.length - mostUndecoded;
  const undecoded = [
    ...totals.undecoded
      .slice(0, mostUndecoded)
      .map(({ id, reason }) => `not readable, left out: ${id}: ${reason}`),
    ...(unread > 0 ? [`... and ${number(unread)} more that are not readable (--json lists all)`] : []),
  ];
  return [
    `Slot ${slot ?? "unknown (--slot N gives it)"}, ${time}: ${quantity(blockTransactions, "transaction")}, ` +
      `${number(blockFailedTransactions)} of them failed`,
    `  ${quantity(totals.swaps, "swap")} in ${quantity(totals.transactions, "transaction")}${byProgram(totals)}`,
    `  ${lamports(totals.priorityFeeLamports)} of priority fees, ${lamports(totals.baseFeeLamports)} of base fees ` +
      "(each transaction once)",
    ...[...failed, ...undecoded].map((line) => `  ${line}`),
  ];
}

function byProgram({ programs }: BlockTotals): string {
  const list = programs.filter(({ swaps }) => swaps > 0);
  return list.length === 0
    ? ""
    : `: ${list.map(({ protocol, swaps }) => `${protocol} ${number(swaps)}`).join(", ")}`;
}

function poolLines({ pools }: BlockTotals): string[] {
  if (pools.length === 0) return [];
  const lines = pools
    .slice(0, mostPools)
    .map(
      ({ pool, tokens, swaps, transactions }) =>
        `  ${number(swaps).padStart(5)}  ${number(transactions).padStart(12)}  ${pool.padEnd(44)}  ` +
        tokens.map(shortName).join(" / "),
    );
  const rest = pools.length - mostPools;
  return [
    `  ${"swaps".padStart(5)}  transactions  ${"pool".padEnd(44)}  tokens`,
    ...lines,
    ...(rest > 0 ? [`  ... and ${quantity(rest, "more pool")} (--json lists all)`] : []),
    "",
  ];
}

function programLines({ unknownPrograms }: BlockTotals): string[] {
  if (unknownPrograms.length === 0) return [];
  const most = unknownPrograms.slice(0, mostPrograms).map(({ program, name, instructions, swaps }) => {
    const swapped = swaps === 0 ? "no swap that shows" : quantity(swaps, "swap");
    return `${name ?? program}: ${swapped}, ${quantity(instructions, "instruction")}`;
  });
  return [
    `${quantity(unknownPrograms.length, "other program")} ran; what they swapped is not counted:`,
    ...most.map((line) => `  ${line}`),
    "",
  ];
}

function sentLine({ trades, added, known, refused, reason }: Sent, target: string): string {
  const bad = refused === 0 ? "" : `, ${number(refused)} refused (${reason})`;
  return `Sent ${quantity(trades, "trade")} to ${target}: ${number(added)} new, ${number(known)} already known${bad}.`;
}

function shortName(mint: string): string {
  const name = tokenName(mint);
  return name.length > 12 ? `${name.slice(0, 4)}…${name.slice(-4)}` : name;
}

function lamports(amount: string): string {
  return `${BigInt(amount).toLocaleString("en-US")} lamports`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
