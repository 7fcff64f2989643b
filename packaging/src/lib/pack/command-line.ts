import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { type RealProcess, startProcess } from "@slipstream/testing/real-process";
import { run } from "../run.ts";

/** An aggregator that was started from installed packages. */
export interface InstalledAggregator extends AsyncDisposable {
  readonly url: string;
}

/** Starts `slipstream aggregate` of the project in `folder`: a free port, a new data folder, every thread it has. */
export async function startInstalled(folder: string): Promise<InstalledAggregator> {
  const data = mkdtempSync(join(folder, "data-"));
  const blocks = mkdtempSync(join(folder, "blocks-"));
  const program = join(folder, "node_modules", ".bin", "slipstream");
  const running: RealProcess = startProcess(
    program,
    ["aggregate", "--port", "0", "--data", data, "--blocks", blocks],
    folder,
  );
  const url = await eventually(
    "the aggregator prints its address",
    () => {
      if (running.exited) throw new Error(`The aggregator ended:\n${running.output()}`);
      return /OTEL_EXPORTER_OTLP_ENDPOINT=(\S+)/.exec(running.output())?.[1];
    },
    60_000,
  );
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      running.signal("SIGTERM");
      await eventually("the aggregator ends", () => running.exited, 20_000).finally(() => running.kill());
    },
  };
}

/** @throws Error if the command line does not explain itself, or does not finish a short demo with its simulator. */
export async function tryCommands(folder: string): Promise<void> {
  const { stdout } = await run("npx", ["--no-install", "slipstream", "--help"], { cwd: folder });
  if (!stdout.includes("aggregate")) throw new Error(`slipstream --help printed:\n${stdout}`);
  const demo = ["--no-install", "slipstream", "demo", "--port", "0", "--duration", "3"];
  await run("npx", demo, { cwd: folder, timeout: 120_000 });
}

/** What the aggregator's own API answers. */
export async function answer(url: string, path: string): Promise<unknown> {
  const response = await fetch(`${url}${path}`);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
