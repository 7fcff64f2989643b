import type { Estimate } from "../lib/result.ts";
import type { IntakeResult } from "./benchmark.ts";
import type { SubjectResult } from "./result.ts";

const HEADER = [
  "on one core",
  "spans/s [95 %]",
  "CPU s / M spans",
  "RSS",
  "ack P50",
  "ack P99",
  "loop delay P99",
  "sender",
];

/** The result as tables for people. */
export function intakeText(result: IntakeResult): string {
  const { rounds, seconds, connections, bytesPerSpan, subjects, ratios, notes } = result;
  return [
    `${rounds} rounds of ${seconds} s, ${connections} connections, 512 spans a request, ${Math.round(bytesPerSpan)} bytes a span`,
    ...aligned([HEADER, ...subjects.map(row)]),
    ...ratios.map(
      ({ theirs, spansPerSecond, spansPerCpuSecond, goal }) =>
        `  ours / ${theirs}: ${withInterval(spansPerSecond)} by spans/s, ${withInterval(spansPerCpuSecond)} by CPU time` +
        (goal === undefined ? "" : `   >= ${goal.atLeast}: ${goal.verdict}`),
    ),
    ...notes.map((note) => `  - ${note}`),
    "",
  ].join("\n");
}

function row(subject: SubjectResult): string[] {
  const { spansPerSecond, cpuSecondsPerMillionSpans, residentMiB, loopDelayP99Ms, senderCore } = subject;
  return [
    subject.name,
    withInterval(spansPerSecond),
    withInterval(cpuSecondsPerMillionSpans),
    `${number(residentMiB.value)} MiB`,
    `${number(subject.acknowledgedP50Ms.value)} ms`,
    `${number(subject.acknowledgedP99Ms.value)} ms`,
    loopDelayP99Ms === undefined ? "" : `${number(loopDelayP99Ms.value)} ms`,
    `${Math.round(100 * senderCore.value)} %`,
  ];
}

function withInterval({ value, low, high }: Estimate): string {
  return `${number(value)} [${number(low)}, ${number(high)}]`;
}

/** Three significant digits; thousands as K. */
function number(value: number): string {
  if (!Number.isFinite(value)) return "?";
  if (Math.abs(value) >= 10_000) return `${(value / 1_000).toFixed(0)} K`;
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

function aligned(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return rows.map((cells) =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
}
