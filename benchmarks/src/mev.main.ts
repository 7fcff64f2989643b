import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fixturesFolder, realBlockName } from "@slipstream/testing/fixtures";
import { machine } from "./lib/machine.ts";
import { benchmarkText, machineText } from "./lib/report.ts";
import { mevBenchmark } from "./mev/benchmark.ts";

const usage = `Usage: npm run bench:mev -- [FILE] [--quick] [--json]
  FILE     a getBlock answer; default: slot_285000037.json in SLIPSTREAM_FIXTURES or ../shared/data/mev
  --quick  fewer and shorter rounds
  --json   JSON instead of a table
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const file = positionals[0] ?? join(fixturesFolder, realBlockName);
  if (values.help) process.stdout.write(usage);
  else if (!existsSync(file)) process.stdout.write(`Skipped: ${file} is not there.\n`);
  else {
    const on = machine();
    const result = await mevBenchmark({ quick: values.quick, block: readFileSync(file, "utf8") });
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ machine: on, quick: values.quick, ...result }, null, 2)}\n`
        : `${machineText(on)}\n${benchmarkText(result)}`,
    );
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exitCode = 2;
}
