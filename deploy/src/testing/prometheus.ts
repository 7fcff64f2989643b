import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import { startProcess, untilServing } from "@slipstream/testing/real-process";
import { freePort } from "slipstream-stack/free-port";
import { installedProgram } from "slipstream-stack/installed-program";
import { prometheusArguments } from "slipstream-stack/parts/prometheus";
import { onTestFinished } from "vitest";
import { inRepository } from "./repository.ts";

/**
 * The repository's prometheus/ as it stands where Prometheus runs: with a token and the targets beside it.
 * @param targets `host:port` by the name of the file; the others have none
 * @returns the folder
 */
export function prometheusFolder(targets: Readonly<Record<string, string>> = {}): string {
  const folder = testFolder();
  cpSync(inRepository("prometheus"), folder, { recursive: true });
  mkdirSync(join(folder, "secrets"), { recursive: true });
  writeFileSync(join(folder, "secrets/aggregator-token"), "token-of-the-test");
  for (const name of ["aggregator", "alertmanager", "collector", "prometheus", "trace-store"]) {
    const target = targets[name];
    writeFileSync(
      join(folder, `targets/${name}.yml`),
      JSON.stringify(target === undefined ? [] : [{ targets: [target] }]),
    );
  }
  return folder;
}

/** Starts Prometheus 3 with the repository's configuration and no targets. It ends with the test. @returns its address */
export async function startedPrometheus(): Promise<string> {
  const folder = prometheusFolder();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [
    ...prometheusArguments(join(folder, "prometheus.yml"), join(folder, "data"), port),
    "--web.enable-otlp-receiver",
  ];
  const running = startProcess(installedProgram("prometheus"), args, folder);
  onTestFinished(() => running.kill());
  await untilServing("Prometheus", running, async () => (await fetch(`${url}/-/ready`)).ok);
  return url;
}
