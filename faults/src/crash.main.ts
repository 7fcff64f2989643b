import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reportTests, runProgram } from "@slipstream/testing/program";
import { type CrashOptions, parseOptions, usage } from "./lib/crash/options.ts";
import { crashRound, type RoundResult } from "./lib/crash/round.ts";

/** Runs a round and tells of it; says whether it held. */
async function round(seed: number, { keep, chain }: CrashOptions): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), `slipstream-crash-${seed}-`));
  const beganMs = performance.now();
  const problems: string[] = [];
  let result: RoundResult | undefined;
  try {
    result = await crashRound(seed, folder, chain || undefined);
    problems.push(...result.problems);
  } catch (error) {
    problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  const seconds = ((performance.now() - beganMs) / 1_000).toFixed(1);
  const failed = problems.length > 0;
  const did =
    result === undefined
      ? "did not end"
      : `${result.spans} spans ${timesOf(result)}${result.desks === 1 ? "" : ` of ${result.desks} desks`}, ${result.starts} starts, ${result.repeated} requests again, ${result.notifications.join("+")} notifications with ${result.digests} digests, ${result.notifiedAgain} again, ${result.commands} commands${result.droppedThrough === 0 ? "" : `, log dropped through ${result.droppedThrough}`}${result.chain === undefined ? "" : `, ${result.chain}`}`;
  process.stdout.write(`${failed ? "FAILED" : "ok    "} seed ${seed}: ${did}, ${seconds} s\n`);
  for (const problem of problems) process.stdout.write(`         ${problem}\n`);
  if (failed)
    process.stdout.write(
      `         again: npm run test:crash -- --rounds 1 --seed ${seed}; data: ${folder}\n`,
    );
  if (!failed && !keep) rmSync(folder, { recursive: true });
  return !failed;
}

function timesOf({ backlog, heldBack }: RoundResult): string {
  if (backlog) return "of a backlog";
  return heldBack === 0 ? "live" : `live after ${heldBack} batches of an outage`;
}

async function main(options: CrashOptions): Promise<void> {
  const { rounds, seed, parallel } = options;
  process.stdout.write(`${rounds} rounds from seed ${seed}, ${parallel} at a time\n`);
  let [next, passed] = [0, 0];
  const lane = async (): Promise<void> => {
    while (next < rounds) if (await round(seed + next++, options)) passed += 1;
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  reportTests(passed, rounds);
}

await runProgram(usage, () => parseOptions(process.argv.slice(2), Date.now()), main);
