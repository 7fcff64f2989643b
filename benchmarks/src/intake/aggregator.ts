import type { ChildProcess } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeEnvironmentOf } from "@slipstream/testing/node-flags";
import { ask } from "../lib/child.ts";
import { firstMatch } from "./first-match.ts";
import type { LoopDelay } from "./messages.ts";
import { end, MEASURED_CORE, startPinned } from "./pinned.ts";
import type { Subject } from "./subject.ts";
import { wrongCounts } from "./wrong-counts.ts";

/** What npm puts on the path. */
export const BIN: string = fileURLToPath(new URL("../../../packages/cli/bin/slipstream.js", import.meta.url));
const PROBE = fileURLToPath(new URL("./loop-delay.probe.ts", import.meta.url));

/**
 * `slipstream aggregate` as a user starts it, with the capital set, so that every statistic is on.
 *
 * @param name in the table
 * @param flags of Node
 */
export async function startAggregator(
  directory: string,
  cpuProfile: string | undefined,
  name: string,
  flags: readonly string[],
): Promise<Subject> {
  const profiling = cpuProfile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${resolve(cpuProfile)}`];
  const command = [
    ...flags,
    ...profiling,
    "--import",
    PROBE,
    BIN,
    "aggregate",
    "--port",
    "0",
    "--data",
    directory,
  ];
  const child = startPinned(MEASURED_CORE, [process.execPath, ...command], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    cwd: directory,
    env: {
      ...process.env,
      ...nodeEnvironmentOf(BIN),
      SLIPSTREAM_CAPITAL_USD: "1000000",
      SLIPSTREAM_LOG_LEVEL: "warn",
    },
  });
  try {
    const url = await firstMatch(child, /Slipstream aggregator on (\S+)/);
    return subject(child, name, url);
  } catch (error) {
    await end(child);
    throw error;
  }
}

function subject(child: ChildProcess, name: string, url: string): Subject {
  return {
    name,
    url,
    pid: child.pid ?? 0,
    loopDelay: () => ask<LoopDelay>(child, {}),
    wrong: (acknowledged) => wrongCounts(url, acknowledged),
    close: () => end(child),
  };
}
