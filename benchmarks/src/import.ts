import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { medianWithInterval } from "./lib/estimate.ts";
import { type BenchmarkResult, type Comparison, judge } from "./lib/result.ts";
import { rotated } from "./lib/rotated.ts";

const GOAL_MS = 150;
const program = fileURLToPath(new URL("./import/import.main.ts", import.meta.url));

interface Variant {
  readonly name: string;
  readonly module: string;
  readonly source: boolean;
}

const built: Variant = { name: "@slipstream/monitor", module: "@slipstream/monitor", source: false };
const source: Variant = { ...built, name: "@slipstream/monitor, TypeScript source", source: true };
const theirs: Variant = {
  name: "@opentelemetry/sdk-trace-node",
  module: "@opentelemetry/sdk-trace-node",
  source: false,
};
const variants: readonly Variant[] = [built, source, theirs];

/** How long a service waits for an import: a process for each, in turn. */
export async function importBenchmark(quick: boolean): Promise<BenchmarkResult> {
  const rounds = quick ? 3 : 20;
  const times = variants.map((): number[] => []);
  // The first reads the disk.
  for (const variant of variants) await importMs(variant);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, variant] of rotated([...variants.entries()], round))
      times[index]?.push(await importMs(variant));
  }
  const [ofBuilt = [], ofSource = [], ofTheirs = []] = times;
  const estimate = medianWithInterval(ofBuilt);
  return {
    name: "import",
    title: "Importing what a trading service needs, in a process that has loaded nothing",
    comparisons: [comparison(built, ofBuilt, ofTheirs), comparison(source, ofSource, ofTheirs)],
    figures: [{ name: built.name, unit: "ms", estimate, goal: judge(estimate, GOAL_MS) }],
    notes: [
      `${rounds} processes each, files in the page cache. The built packages are those of \`npm run build\`, which \`npm ci\` runs too.`,
      "With an endpoint the monitor loads the OpenTelemetry SDK too, when it starts; the aggregator's engine loads in its own thread.",
    ],
  };
}

function comparison({ name }: Variant, ours: readonly number[], others: readonly number[]): Comparison {
  return {
    ours: name,
    theirs: theirs.name,
    unit: "ms",
    ourTime: medianWithInterval(ours),
    theirTime: medianWithInterval(others),
    ratio: medianWithInterval(ours.map((ms, round) => ms / (others[round] ?? Number.NaN))),
  };
}

async function importMs(variant: Variant): Promise<number> {
  const conditions = variant.source ? ["--conditions=slipstream-source"] : [];
  const { stdout } = await promisify(execFile)(process.execPath, [...conditions, program, variant.module]);
  return Number(stdout);
}
