import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judge, type Sample } from "./lib/memory/judge.ts";
import { type MemoryArguments, parseOptions, usage } from "./lib/memory/options.ts";
import { simulate } from "./lib/memory/simulate.ts";

function tell({ hours, heapMiB, rssMiB }: Sample): void {
  if (hours % 1 > 1e-9) return;
  process.stdout.write(`after ${hours} h: heap ${heapMiB.toFixed(2)} MiB, RSS ${rssMiB.toFixed(0)} MiB\n`);
}

async function main({ hours, warmUpHours, rate, chain, leak }: MemoryArguments): Promise<void> {
  process.stdout.write(
    `${hours} h of ${rate} trades a second and ${chain} on a chain after ${warmUpHours} h of warm-up; processes, services, pairs and operations change\n`,
  );
  const folder = mkdtempSync(join(tmpdir(), "slipstream-memory-"));
  try {
    const beganMs = performance.now();
    const samples = await simulate({
      hours,
      warmUpHours,
      tradesPerSecond: rate,
      chainTradesPerSecond: chain,
      leakBytes: leak,
      folder,
      onSample: tell,
    });
    const { heapSlope, heapSlopeError, rssGrowthMiB, problems } = judge(samples);
    process.stdout.write(
      `heap slope ${heapSlope.toFixed(3)} +- ${heapSlopeError.toFixed(3)} MiB/h over ${samples.length} samples, ` +
        `RSS ${rssGrowthMiB >= 0 ? "+" : ""}${rssGrowthMiB.toFixed(1)} MiB, ` +
        `in ${((performance.now() - beganMs) / 1_000).toFixed(0)} s\n`,
    );
    for (const problem of problems) process.stdout.write(`FAILED: ${problem}\n`);
    // In vitest's words, which .ci/run counts.
    process.stdout.write(`Tests  ${problems.length === 0 ? "1 passed" : "1 failed"} (1)\n`);
    if (problems.length > 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function options(): MemoryArguments | "help" | undefined {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return undefined;
  }
}

const chosen = options();
if (chosen === undefined) process.exitCode = 2;
else if (chosen === "help") process.stdout.write(usage);
else await main(chosen);
