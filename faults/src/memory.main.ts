import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reportTests, runProgram } from "@slipstream/testing/program";
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
    reportTests(problems.length === 0 ? 1 : 0, 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await runProgram(usage, () => parseOptions(process.argv.slice(2)), main);
