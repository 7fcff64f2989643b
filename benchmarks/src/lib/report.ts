import type { Machine } from "./machine.ts";
import type { BenchmarkResult, Comparison, Estimate, Figure, Goal } from "./result.ts";

const HEADER = ["ours", "theirs", "our time", "their time", "ratio [95 %]", "bytes", "goal"];

/** One benchmark as a table for people. */
export function benchmarkText({ title, comparisons, figures, notes }: BenchmarkResult): string {
  const withBytes = comparisons.some(({ ourBytes }) => ourBytes !== undefined);
  const withGoal = comparisons.some(({ goal }) => goal !== undefined);
  const rows = [HEADER, ...comparisons.map(comparisonRow)].map((row) =>
    row.filter((_, column) => (column !== 5 || withBytes) && (column !== 6 || withGoal)),
  );
  return [
    title,
    ...(comparisons.length === 0 ? [] : aligned(rows)),
    ...figures.map(figureText),
    ...notes.map((note) => `  - ${note}`),
    "",
  ].join("\n");
}

export function machineText({ node, cores, cpu, load }: Machine): string {
  return `Node ${node}, ${cores} cores (${cpu}), load ${load.toFixed(2)}. Medians over interleaved rounds.\n`;
}

function comparisonRow(comparison: Comparison): string[] {
  const { ours, theirs, unit, ourTime, theirTime, ratio, goal, ourBytes, theirBytes } = comparison;
  return [
    ours,
    theirs,
    `${number(ourTime.value)} ${unit}`,
    `${number(theirTime.value)} ${unit}`,
    withInterval(ratio),
    `${ourBytes?.toFixed(0) ?? "?"} / ${theirBytes?.toFixed(0) ?? "?"}`,
    goal === undefined ? "" : goalText(goal),
  ];
}

function figureText({ name, unit, estimate, goal }: Figure): string {
  return `  ${name}: ${withInterval(estimate)} ${unit}${goal === undefined ? "" : `   ${goalText(goal)}`}`;
}

function goalText({ below, verdict }: Goal): string {
  return `< ${below}: ${verdict}`;
}

function withInterval({ value, low, high }: Estimate): string {
  return `${number(value)} [${number(low)}, ${number(high)}]`;
}

/** Three significant digits. */
function number(value: number): string {
  if (!Number.isFinite(value)) return "?";
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

function aligned(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
}
