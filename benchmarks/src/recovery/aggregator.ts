import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { cpuSeconds } from "../intake/process-stats.ts";

const BIN = fileURLToPath(new URL("../../../packages/cli/bin/slipstream.js", import.meta.url));
const DEADLINE_MS = 600_000;

/** A running `slipstream aggregate`, and how long it took to take requests. */
export interface Started {
  readonly url: string;
  readonly readyMs: number;
  /** CPU time of all its threads until then. */
  readonly cpuMs: number;
  kill(): Promise<void>;
}

/** Starts one on a data directory. @throws Error where it ends, or is not ready within ten minutes */
export async function start(directory: string): Promise<Started> {
  const from = performance.now();
  const child = spawn(process.execPath, [BIN, "aggregate", "--port", "0", "--data", directory], {
    stdio: ["ignore", "pipe", "inherit"],
    cwd: directory,
    env: { ...process.env, SLIPSTREAM_CAPITAL_USD: "1000000", SLIPSTREAM_LOG_LEVEL: "warn" },
  });
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  };
  try {
    const url = await printedUrl(child);
    const readyMs = performance.now() - from;
    return { url, readyMs, cpuMs: 1_000 * cpuSeconds(child.pid ?? 0), kill };
  } catch (error) {
    await kill();
    throw error;
  }
}

function printedUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const fail = (why: string): void => reject(new Error(`slipstream aggregate: ${why}\n${text}`));
    const deadline = setTimeout(() => fail(`not ready within ${DEADLINE_MS} ms`), DEADLINE_MS);
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code, signal) => fail(`ended (${code ?? signal})`));
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const [, url] = /Slipstream aggregator on (\S+)\n/.exec(text) ?? [];
      if (url === undefined) return;
      clearTimeout(deadline);
      resolve(url);
    });
  });
}
