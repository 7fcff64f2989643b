import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { attacks } from "./attacks.ts";
import type { Outcome } from "./attempts.ts";
import { percentile } from "./judge.ts";

const page = new URL("../../../../docs/reliability.md", import.meta.url);
const START = "<!-- Made by `npm run test:hostile -- --page`. -->";
const END = "<!-- End of the attacks. -->";

/**
 * Writes the figures into the page.
 * @param load The machine's load average before the first attack.
 * @throws Error if its markers are missing
 */
export function writePage(all: readonly Outcome[], seconds: number, load: number): void {
  const text = readFileSync(page, "utf8");
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start === -1 || end < start) throw new Error(`docs/reliability.md has no ${START} ... ${END}`);
  const table = [
    START,
    `Each attack lasted ${seconds} s, on ${availableParallelism()} cores with a load average of ${load.toFixed(0)} before the first one. RSS in MiB, P50 and P99 of the good client's requests, and the longest turn of the main thread without garbage collection and the longest collection, in ms.`,
    "",
    "| attack | RSS before | peak | after | P50 without | P99 without | P50 attacked | P99 attacked | P99 after it | longest turn | longest GC | attempts | spans acknowledged | counted | SIGTERM, s |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...all.map(row),
    "",
    ...all.map(
      ({ measured: { attack } }) => `- \`${attack}\`: ${attacks.find(({ name }) => name === attack)?.about}.`,
    ),
    "",
  ];
  writeFileSync(page, text.slice(0, start) + table.join("\n") + text.slice(end));
}

function row({ measured, attempts }: Outcome): string {
  const { attack, rssMiB, without, during, afterwards, sent, counted, turnMs, gcMs, endMs } = measured;
  const cells = [
    `\`${attack}\``,
    ...[rssMiB.before, rssMiB.peak, rssMiB.after].map((mib) => mib.toFixed(0)),
    ...[without, during].flatMap((values) =>
      [0.5, 0.99].map((quantile) => percentile(values, quantile).toFixed(1)),
    ),
    percentile(afterwards, 0.99).toFixed(1),
    turnMs.toFixed(1),
    gcMs.toFixed(1),
    attempts,
    sent,
    counted,
    (endMs / 1_000).toFixed(1),
  ];
  return `| ${cells.join(" | ")} |`;
}
