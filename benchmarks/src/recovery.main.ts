import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { runProgram } from "@slipstream/testing/program";
import { machine } from "./lib/machine.ts";
import { type Started, start } from "./recovery/aggregator.ts";
import { RecoveryLoad } from "./recovery/load.ts";

const usage = `Usage: npm run bench:recovery -- [--mib N] [--kills N] [--dir PATH]

How long an aggregator that was killed under load takes until it takes requests again, with a log behind it.

  --mib N     size of the log's bodies at the first kill (default 1024)
  --kills N   kills, each under load, a second or so after the start before it (default 5)
  --dir PATH  where the data directory is made; on the disk that is to be measured
`;
const MIB = 2 ** 20;
/** What the issue of durability asks for. */
const GOAL_MS = 5_000;

interface Options {
  readonly mib: number;
  readonly kills: number;
  readonly dir: string;
}

async function main({ mib, kills, dir }: Options): Promise<void> {
  const { node, cores, cpu, load: busy } = machine();
  tell(`Node ${node}, ${cores} cores (${cpu}), load ${busy.toFixed(2)}`);
  const directory = mkdtempSync(join(dir, "slipstream-recovery-"));
  let running: Started | undefined;
  try {
    running = await start(directory);
    tell(`an empty log: ready after ${time(running)}`);
    const load = new RecoveryLoad();
    const from = performance.now();
    await load.send(running.url, mib * MIB);
    const seconds = (performance.now() - from) / 1_000;
    tell(
      `${mib} MiB of bodies, ${load.acknowledged} spans, logged in ${seconds.toFixed(1)} s (the sender shares the cores)`,
    );
    const readyMs: number[] = [];
    for (let kill = 1; kill <= kills; kill += 1) {
      running = await killUnderLoad(running, load, directory);
      readyMs.push(running.readyMs);
      const wrong = await lost(running.url, load.acknowledged);
      tell(`kill ${kill}: ready after ${time(running)}${wrong === undefined ? "" : `; ${wrong}`}`);
      if (wrong !== undefined) process.exitCode = 1;
    }
    const worst = Math.round(Math.max(...readyMs));
    tell(`slowest of ${kills}: ${worst} ms; goal <= ${GOAL_MS} ms: ${worst <= GOAL_MS ? "met" : "not met"}`);
  } finally {
    await running?.kill();
    rmSync(directory, { recursive: true });
  }
}

async function killUnderLoad(running: Started, load: RecoveryLoad, directory: string): Promise<Started> {
  // Ends when the connections break.
  const sending = load.send(running.url, Number.POSITIVE_INFINITY).catch(() => {});
  await sleep(700 + Math.random() * 600);
  await running.kill();
  await sending;
  return start(directory);
}

/** What of the acknowledged spans an aggregator does not have; undefined where it has all. */
async function lost(url: string, acknowledged: number): Promise<string | undefined> {
  const { services } = (await (await fetch(`${url}/api/current`)).json()) as {
    services: Record<string, { received: number }>;
  };
  const received = Object.values(services).reduce((sum, service) => sum + service.received, 0);
  return received >= acknowledged ? undefined : `${acknowledged - received} acknowledged spans are lost`;
}

function time({ readyMs, cpuMs }: Started): string {
  return `${Math.round(readyMs)} ms (CPU time ${Math.round(cpuMs)} ms)`;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

function parseOptions(): Options | "help" {
  const { values } = parseArgs({
    options: {
      mib: { type: "string", default: "1024" },
      kills: { type: "string", default: "5" },
      dir: { type: "string", default: tmpdir() },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  return { mib: whole("--mib", values.mib), kills: whole("--kills", values.kills), dir: values.dir };
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new TypeError(`${name}: "${text}" is not a whole number from 1 on`);
}

await runProgram(usage, parseOptions, main);
