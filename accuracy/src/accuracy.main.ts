import { writeFileSync } from "node:fs";
import { chainWorlds } from "./chain/chain-worlds.ts";
import { blockFile, labelledFile, measureInThreads } from "./measure.ts";
import { type AccuracyOptions, readOptions, usage } from "./options.ts";
import { accuracyPage } from "./page/page.ts";
import { studyWorlds } from "./study-worlds.ts";
import { ShowProgress } from "./threads/show-progress.ts";
import { accuracyWorlds } from "./worlds.ts";

const page = new URL("../../docs/mev-accuracy.md", import.meta.url);

/** Measures, and writes the page of accuracy. */
async function main(options: AccuracyOptions): Promise<void> {
  const { jobs, folder, command, out } = options;
  const worlds = accuracyWorlds(options.seeds, options.trades);
  const chains = chainWorlds(options.chainTrades, options.chainSeed);
  const studies = studyWorlds(options.runs, options.runsSeed);
  const shown = new ShowProgress(process.stderr, () => performance.now());
  const progress = shown.show.bind(shown);
  const accuracy = await measureInThreads({ worlds, chains, studies, folder }, { jobs, progress });
  shown.end();
  if (accuracy.labelled === undefined) process.stderr.write(`Skipped: ${labelledFile} is not in ${folder}\n`);
  if (accuracy.block === undefined) process.stderr.write(`Skipped: ${blockFile} is not in ${folder}\n`);
  writeFileSync(out ?? page, accuracyPage(accuracy, command));
}

function optionsOrUsage(): AccuracyOptions | undefined {
  try {
    const options = readOptions(process.argv.slice(2));
    if (!options.help) return options;
    process.stdout.write(usage);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${usage}`);
    process.exitCode = 2;
  }
  return undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const options = optionsOrUsage();
if (options !== undefined) {
  try {
    await main(options);
  } catch (error) {
    process.stderr.write(`\n${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}
