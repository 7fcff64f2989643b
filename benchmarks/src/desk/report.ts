import type { Estimate } from "../lib/result.ts";
import type { DeskResult } from "./benchmark.ts";
import { goalOf, type SubjectResult } from "./result.ts";

/** Threads that take less, in percent of a core, are not listed. */
const LEAST_PERCENT = 0.005;

/** The result as tables for people. */
export function deskText({ tradesPerSecond, subjects, ratios, load, notes }: DeskResult): string {
  return [
    `${tradesPerSecond} trades a second, 7 spans each; load ${load.from.toFixed(1)} at the start, ${load.to.toFixed(1)} at the end`,
    ...subjects.flatMap(subjectText),
    ...ratios.map(
      ({ build, other, setting, cpu, residentMiB }) =>
        `  ${setting}: ${build} / ${other}: CPU time ${withInterval(cpu)}, memory ${withInterval(residentMiB)}`,
    ),
    ...notes.map((note) => `  - ${note}`),
    "",
  ].join("\n");
}

function subjectText(subject: SubjectResult): string[] {
  const { build, setting, corePercent, machinePercent, runsPerSecond, threads, goals } = subject;
  const goal = goalOf(setting);
  return [
    `${build}, ${setting}`,
    `  ${withInterval(corePercent)} % of a core, ${withInterval(machinePercent)} % of the machine   <= ${goal.corePercent} % of a core: ${goals.core}`,
    `  ${subject.residentMiB.toFixed(0)} MiB, at most ${subject.mostResidentMiB.toFixed(0)} MiB   <= ${goal.residentMiB} MiB: ${goals.memory}`,
    `  ${runsPerSecond.toFixed(0)} wake-ups a second`,
    ...threads
      .filter(({ corePercent: percent }) => percent >= LEAST_PERCENT)
      .map(
        ({ name, corePercent: percent, runsPerSecond: runs }) =>
          `    ${name.padEnd(16)}  ${percent.toFixed(3)} %  ${runs.toFixed(1).padStart(6)} wake-ups a second`,
      ),
  ];
}

function withInterval({ value, low, high }: Estimate): string {
  return `${number(value)} [${number(low)}, ${number(high)}]`;
}

function number(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "?";
}
