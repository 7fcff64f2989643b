import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import { startProcess, untilServing } from "@slipstream/testing/real-process";
import { freePort } from "slipstream-stack/free-port";
import { installedProgram } from "slipstream-stack/installed-program";
import { currentPrometheusArguments } from "slipstream-stack/parts/prometheus";
import { onTestFinished } from "vitest";
import { inRepository } from "./repository.ts";

/**
 * The repository's prometheus/ as it stands where Prometheus runs: with a token, and no targets yet.
 * @returns the folder
 */
export function prometheusFolder(): string {
  const folder = testFolder();
  cpSync(inRepository("prometheus"), folder, { recursive: true });
  mkdirSync(join(folder, "secrets"), { recursive: true });
  writeFileSync(join(folder, "secrets/aggregator-token"), "token-of-the-test");
  for (const name of readdirSync(join(folder, "targets"))) writeFileSync(join(folder, "targets", name), "[]");
  return folder;
}

/** Starts Prometheus 3 with a folder as above. It ends with the test. @returns its address */
export async function startedPrometheus(folder: string = prometheusFolder()): Promise<string> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = currentPrometheusArguments(join(folder, "prometheus.yml"), join(folder, "data"), port);
  const running = startProcess(installedProgram("prometheus"), args, folder);
  onTestFinished(() => running.kill());
  await untilServing("Prometheus", running, async () => (await fetch(`${url}/-/ready`)).ok);
  return url;
}
