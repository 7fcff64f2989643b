import { fileURLToPath } from "node:url";
import { nodeEnvironmentOf } from "@slipstream/testing/node-flags";
import { BIN } from "../aggregator.ts";
import { firstMatch } from "../first-match.ts";
import { end, MEASURED_CORE, startPinned } from "../pinned.ts";
import type { Subject } from "../subject.ts";
import type { FloorStage } from "./stages.ts";

const MAIN = fileURLToPath(new URL("./floor.main.ts", import.meta.url));

/** A floor in a process of its own, on the core that is measured. @param flags of Node, the aggregator's */
export async function startFloor(
  stage: FloorStage,
  directory: string,
  flags: readonly string[],
): Promise<Subject> {
  const command = [...flags, "--conditions=slipstream-source", MAIN, stage, directory];
  const child = startPinned(MEASURED_CORE, [process.execPath, ...command], {
    stdio: ["ignore", "pipe", "inherit"],
    cwd: directory,
    env: { ...process.env, ...nodeEnvironmentOf(BIN) },
  });
  try {
    const url = await firstMatch(child, /Floor on (\S+)/);
    return {
      name: stage,
      url,
      pid: child.pid ?? 0,
      loopDelay: () => Promise.resolve(undefined),
      wrong: () => Promise.resolve(undefined),
      close: () => end(child),
    };
  } catch (error) {
    await end(child);
    throw error;
  }
}
