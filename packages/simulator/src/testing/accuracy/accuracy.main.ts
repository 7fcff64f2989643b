import { writeFileSync } from "node:fs";
import { slipstream } from "./judges.ts";
import { blockFile, labelledFile, measureAccuracy } from "./measure.ts";
import { readOptions, usage } from "./options.ts";
import { accuracyPage } from "./page/page.ts";
import { accuracyWorlds } from "./worlds.ts";

const page = new URL("../../../../../docs/mev-accuracy.md", import.meta.url);

/** Measures, and writes the page of accuracy. */
function main(): void {
  const { seeds, trades, folder, command, out, help } = readOptions(process.argv.slice(2));
  if (help) {
    process.stdout.write(usage);
    return;
  }
  const worlds = accuracyWorlds(seeds, trades);
  const accuracy = measureAccuracy({ worlds, folder, judges: slipstream, progress: showProgress });
  if (accuracy.labelled === undefined) process.stderr.write(`Skipped: ${labelledFile} is not in ${folder}\n`);
  if (accuracy.block === undefined) process.stderr.write(`Skipped: ${blockFile} is not in ${folder}\n`);
  writeFileSync(out ?? page, accuracyPage(accuracy, command));
}

function showProgress(what: string, done: number, all: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(done === all ? "\r\x1b[K" : `\r\x1b[K${done + 1} of ${all}: ${what}`);
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exitCode = 2;
}
