import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { reportTests, runProgram } from "@slipstream/testing/program";
import { attacks } from "./lib/hostile/attacks.ts";
import { attempt, type Outcome } from "./lib/hostile/attempts.ts";
import { type Measured, percentile } from "./lib/hostile/judge.ts";
import { measure } from "./lib/hostile/measure.ts";
import { type HostileOptions, parseOptions, usage } from "./lib/hostile/options.ts";
import { writePage } from "./lib/hostile/page.ts";

async function main({ names, seconds, page }: HostileOptions): Promise<void> {
  const all: Outcome[] = [];
  const [load = 0] = loadavg();
  // Removed at the end only: the disk is busy for a while with what was deleted, and the next attack would wait for it.
  const folder = mkdtempSync(join(tmpdir(), "slipstream-hostile-"));
  const times = { attackMs: seconds * 1_000, calmMs: Math.min(seconds * 500, 5_000) };
  try {
    for (const attack of attacks) {
      if (!names.includes(attack.name)) continue;
      const outcome = await attempt(
        () => measure(attack, mkdtempSync(join(folder, `${attack.name}-`)), times),
        (measured, delays) => print("again ", measured, delays),
      );
      print(outcome.problems.length > 0 ? "FAILED" : "ok    ", outcome.measured, outcome.problems);
      all.push(outcome);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  if (page) writePage(all, seconds, load);
  reportTests(all.filter(({ problems }) => problems.length === 0).length, all.length);
}

function print(outcome: string, measured: Measured, problems: readonly string[]): void {
  process.stdout.write(`${outcome} ${line(measured)}\n`);
  for (const problem of problems) process.stdout.write(`         ${problem}\n`);
}

function line({
  attack,
  rssMiB: { before, peak, after },
  without,
  during,
  afterwards,
  newMs,
  control,
  othersCpu,
  turnMs,
  gcMs,
  counted,
}: Measured): string {
  const rss = [before, peak, after].map((mib) => mib.toFixed(0)).join(", ");
  const times = (values: readonly number[]): string =>
    [0.5, 0.99].map((quantile) => percentile(values, quantile).toFixed(1)).join(" and ");
  const p99s = [control.without, control.during, control.afterwards].map((values) =>
    percentile(values, 0.99).toFixed(1),
  );
  return `${attack.padEnd(18)} RSS before, peak, after ${rss} MiB; P50 and P99 ${times(without)} ms, attacked ${times(during)} ms, after it ${times(afterwards)} ms, on a new connection at most ${newMs.toFixed(0)} ms; longest turn ${turnMs.toFixed(1)} ms, GC ${gcMs.toFixed(1)} ms; ${counted} spans; control: P99 ${p99s.join(", ")} ms, new ${control.newMs.toFixed(0)} ms, longest turn ${control.turnMs.toFixed(1)} ms; other programs ${percent(othersCpu.during)} of the CPU, after it ${percent(othersCpu.afterwards)}`;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(0)} %`;
}

await runProgram(usage, () => parseOptions(process.argv.slice(2)), main);
