import { existsSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheFolder } from "slipstream-stack/cache-folder";
import { programPath } from "slipstream-stack/install/built-program";
import { collectorProgram } from "slipstream-stack/install/collector-build";
import { type CollectorPipeline, collectorConfig } from "./collector-config.ts";
import { end, MEASURED_CORE, startPinned } from "./pinned.ts";
import type { Subject } from "./subject.ts";

const START_MS = 20_000;

/** Where `npm run stack -- install` puts the binary; undefined if it is not there. */
export function builtCollector(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const binary = programPath(cacheFolder(environment), collectorProgram);
  return existsSync(binary) ? binary : undefined;
}

/** The real OpenTelemetry Collector on one core (GOMAXPROCS=1), taking the same requests. */
export async function startCollector(
  binary: string,
  pipeline: CollectorPipeline,
  directory: string,
): Promise<Subject> {
  const port = await freePort();
  const file = join(directory, "collector.yaml");
  writeFileSync(file, collectorConfig(pipeline, { port, directory }));
  const child = startPinned(MEASURED_CORE, [binary, "--config", file], {
    stdio: ["ignore", "ignore", "inherit"],
    cwd: directory,
    env: { ...process.env, GOMAXPROCS: "1" },
  });
  const exited = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the Collector ended with code ${code}`)));
  });
  exited.catch(() => {});
  try {
    await Promise.race([listening(port), exited]);
  } catch (error) {
    await end(child);
    throw error;
  }
  return {
    name: pipeline,
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    loopDelay: () => Promise.resolve(undefined),
    wrong: () => Promise.resolve(undefined),
    close: () => end(child),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

async function listening(port: number): Promise<void> {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline) {
    const there = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (there) return;
    await sleep(50);
  }
  throw new Error(`the Collector does not listen on port ${port} after ${START_MS} ms`);
}
