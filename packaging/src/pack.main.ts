import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { installNode, serviceNodes } from "@slipstream/testing/service-nodes";
import { z } from "zod";
import { installTools } from "./lib/cache.ts";
import { runExamples } from "./lib/examples/run-examples.ts";
import { root } from "./lib/manifests/workspace.ts";
import { answer, startInstalled, tryCommands } from "./lib/pack/command-line.ts";
import { compileVariants, installInto, variants } from "./lib/pack/consumer.ts";
import { lintTarball } from "./lib/pack/lint.ts";
import { compileReadmes } from "./lib/pack/snippets.ts";
import { checkContents, packAll, type Tarball } from "./lib/pack/tarballs.ts";
import { runUnchanged, runUnobserved, unchangedPackages, unchangedServices } from "./lib/pack/unchanged.ts";
import { run } from "./lib/run.ts";

/**
 * Packs every published package, installs the tarballs outside the repository, and uses them as a stranger would:
 * `npm run test:packages`.
 */

const deskNodes = ["24.11.0"];
/** Runs a service, but is too old to observe it. */
const oldNodes = ["20.10.0"];
/** What a service needs beside the packages. */
const api = "@opentelemetry/api@1.9.1";
const nodeTypes = "@types/node@24.19.2";
const ofTelemetry = ["config", "conventions", "exposition", "otlp", "solana", "stats", "telemetry", "venues"];

const current = z.object({
  services: z.record(z.string(), z.object({ received: z.number(), missing: z.number().nullable() })),
});

const folder = mkdtempSync(join(tmpdir(), "slipstream-packages-"));
try {
  const tools = await step("Install tools", installTools);
  const compilers = [tools, root].map((where) => join(where, "node_modules", "typescript", "bin", "tsc"));
  const [compiler = ""] = compilers;

  const tarballs = await step("Build and pack", () => packAll(folder));
  await step("Contents", () => checkContents(tarballs, folder));
  await step("publint and types", async () => {
    for (const tarball of tarballs) await lintTarball(tarball, tools);
  });

  const service = join(folder, "service");
  const desk = join(folder, "desk");
  await step("Install", async () => {
    await installInto(service, [...filesOf(tarballs, ofTelemetry), api, nodeTypes, ...unchangedPackages]);
    await installInto(desk, [...tarballs.map(({ file }) => file), api, nodeTypes]);
  });
  await step("Compile", async () => {
    await compileVariants(service, "service.ts", compilers);
    await compileVariants(desk, "desk.ts", compilers);
    await compileReadmes(
      desk,
      tarballs.map(({ name }) => name),
      compiler,
    );
  });
  await step("Command line", () => tryCommands(desk));
  await step("Examples of every page", () => runExamples(desk));
  for (const version of serviceNodes) {
    await step(`Service on Node ${version}`, async () => runServices(service, desk, version));
  }
  for (const version of oldNodes) {
    await step(`A service on Node ${version} is not observed`, async () => {
      await runUnobserved(service, join(await installNode(version), "node"), version);
    });
  }
  for (const version of serviceNodes.filter((version) => !deskNodes.includes(version))) {
    await step(`PerformanceMonitor is refused on Node ${version}`, () => refuseDesks(desk, version));
  }
  for (const version of deskNodes) {
    await step(`PerformanceMonitor on Node ${version}`, async () => runDesks(desk, version));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  console.log(`${title}: ok, ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  return result;
}

/** Each variant sends its three trades, and each with its call must be read back. */
async function runServices(service: string, desk: string, version: string): Promise<void> {
  const bin = await installNode(version);
  await using aggregator = await startInstalled(desk);
  for (const { program } of variants) {
    const env = { ...process.env, SERVICE: program, OTEL_EXPORTER_OTLP_ENDPOINT: aggregator.url };
    await run(join(bin, "node"), [join(service, program)], { cwd: service, env, timeout: 60_000 });
  }
  await runUnchanged(service, join(bin, "node"), aggregator.url);
  await eventually("every trade is read back", async () => {
    const { services } = current.parse(await answer(aggregator.url, "/api/current"));
    const isComplete = (name: string, spans: number) =>
      services[name]?.received === spans && services[name].missing === 0;
    return (
      variants.every(({ program }) => isComplete(program, 6)) &&
      unchangedServices.every((name) => isComplete(name, 1))
    );
  });
  // Made in a thread of its own, from the history.
  await answer(aggregator.url, "/api/mev");
}

async function runDesks(desk: string, version: string): Promise<void> {
  const bin = await installNode(version);
  const { OTEL_EXPORTER_OTLP_ENDPOINT: _, ...env } = process.env;
  for (const { program } of variants) {
    const { stdout, stderr } = await run(join(bin, "node"), [join(desk, program)], {
      cwd: desk,
      env,
      timeout: 60_000,
    });
    // Of SQLite, which Node 24.11 calls experimental, no thread warns.
    if (stdout.trim() !== "success rate 90" || stderr !== "")
      throw new Error(`${program} printed: ${stdout}${stderr}`);
  }
}

/** On an older Node each variant ends with one line that says which one it needs. */
async function refuseDesks(desk: string, version: string): Promise<void> {
  const bin = await installNode(version);
  const wanted = `need Node 24.11 or later; this is ${version}`;
  const imports = ["monitor", "aggregator", "cli"].map((name) => [
    "--input-type=module",
    "--eval",
    `import "@slipstream/${name}";`,
  ]);
  for (const args of [...variants.map(({ program }) => [join(desk, program)]), ...imports]) {
    const output = await run(join(bin, "node"), args, { cwd: desk, timeout: 60_000 }).then(
      () => "nothing, and went on",
      (error: Error) => error.message,
    );
    const lines = output.split("\n").filter((line) => line.includes(wanted));
    if (lines.length !== 1) throw new Error(`${args.join(" ")} on Node ${version} printed: ${output}`);
  }
}

function filesOf(tarballs: readonly Tarball[], folders: readonly string[]): readonly string[] {
  const wanted = tarballs.filter(({ name }) => folders.includes(name.slice(name.indexOf("/") + 1)));
  return wanted.map(({ file }) => file);
}
