import { ConfigError } from "@slipstream/config";
import { type CanaryPart, quantity, SlipstreamError } from "@slipstream/conventions";
import { Command } from "commander";
import { components } from "../../config/components.ts";
import { addConfigFlags, commandConfig } from "../../config/flags.ts";
import type { Passage } from "../../doctor/canary/run-canary.ts";
import type { Finding } from "../../doctor/check.ts";
import type { DiagnoseOptions } from "../../doctor/diagnose.ts";
import { examplesText } from "../examples.ts";
import { takeSignals } from "../lifetime.ts";
import { print, printJson } from "../print.ts";

interface Options {
  readonly json?: boolean;
  readonly find?: boolean;
  readonly canary: boolean;
  readonly wait?: string;
  readonly watch?: boolean;
  readonly interval: string;
}

export function doctorCommand(): Command {
  const command = new Command("doctor")
    .summary("check the setup and the whole pipeline, and report problems")
    .description(
      "Checks Node, the configuration, the alert rules, the port, the data folder and what it holds, a running aggregator, Redis, QuestDB, the clock, and, " +
        "if they are named, the Collector, Prometheus, Alertmanager, the trace store and Grafana. Then it sends one trade marked as a canary " +
        "to where services send, and looks for it in each part. A canary is in no statistic but its own. Says what to do about each " +
        "problem, and changes nothing else. The exit code is 1 if it finds a problem.",
    )
    .option("--find", "look also for parts that are not named, on the usual ports of this machine")
    .option("--no-canary", "send no canary")
    .option("--wait <seconds>", "how long to wait for the canary (default: 15 to 75 s, by part)")
    .option(
      "--watch",
      "check again and again, and print what changes; a canary that is lost is reported as a metric too",
    )
    .option("--interval <seconds>", "with --watch: time between two checks, 5 to 300 s", "60")
    .option("--json", "print the findings as JSON; with --watch each on a line")
    .addHelpText(
      "after",
      examplesText(
        ["slipstream doctor", "with this folder's configuration"],
        ["slipstream doctor --find", "and with all parts that run on this machine"],
        ["slipstream doctor --redis redis://127.0.0.1:6379", "is that Redis reachable?"],
        ["slipstream doctor --endpoint http://10.0.0.5:9480", "is that aggregator alive?"],
        [
          "slipstream doctor --collector http://10.0.0.5:4318 --prometheus http://10.0.0.6:9090",
          "are these?",
        ],
        ["slipstream doctor --find --watch", "a canary each minute; an alert fires if it does not come"],
      ),
    );
  return addConfigFlags(command, ...components).action(doctor);
}

async function doctor(options: Options): Promise<void> {
  const waitMs = options.wait === undefined ? undefined : secondsIn("--wait", options.wait, 1, 600) * 1_000;
  const intervalMs = secondsIn("--interval", options.interval, 5, 300) * 1_000;
  const { signal, release } = takeSignals();
  try {
    const how = { find: options.find === true, canary: options.canary };
    if (!options.watch) return await once(options, how, { waitMs, signal });
    const { watchPipeline } = await import("../../doctor/watch.ts");
    await watchPipeline({
      round: () =>
        findingsOf(options, {
          ...how,
          canary: how.canary ? { waitMs, signal, reportLost: true } : undefined,
        }),
      intervalMs,
      signal,
      tell: (findings) => tell(findings, options.json === true),
    });
  } finally {
    release();
  }
}

async function once(
  options: Options,
  { find, canary }: { readonly find: boolean; readonly canary: boolean },
  { waitMs, signal }: { readonly waitMs: number | undefined; readonly signal: AbortSignal },
): Promise<void> {
  const progress = process.stderr.isTTY ? showProgress : undefined;
  const asked = canary ? { waitMs, signal, reportLost: false, onProgress: progress } : undefined;
  const findings = await findingsOf(options, { find, canary: asked });
  if (progress !== undefined) process.stderr.write("\r\x1b[K");
  if (signal.aborted) throw new SlipstreamError("failed", "ended before all was checked");
  if (options.json) await printJson(findings);
  else await print((await linesOf(findings)).join("\n"));
  const bad = findings.filter(({ outcome }) => outcome === "bad").length;
  if (bad > 0)
    throw new SlipstreamError(
      "failed",
      `${quantity(bad, "problem")} found, in ${quantity(findings.length, "finding")}`,
    );
}

async function findingsOf(options: Options, how: DiagnoseOptions): Promise<Finding[]> {
  // A wrong configuration is a finding here and does not end the command.
  const wrong: ConfigError[] = [];
  const onWrong = (error: ConfigError): void => void wrong.push(error);
  const [loaded, { diagnose }] = await Promise.all([
    // What is corrected while it watches counts in the next round.
    options.watch
      ? import("../../config/import-again.ts").then(({ importAgain: importFile }) =>
          commandConfig({ ...options }, { onWrong, importFile }),
        )
      : commandConfig({ ...options }, { onWrong }),
    import("../../doctor/diagnose.ts"),
  ]);
  return diagnose(loaded, wrong, how);
}

async function linesOf(findings: readonly Finding[]): Promise<readonly string[]> {
  const [{ findingLines }, { paintFor }] = await Promise.all([
    import("../../doctor/check.ts"),
    import("../../view/style.ts"),
  ]);
  const paint = paintFor(process.stdout.isTTY && !process.env.NO_COLOR);
  const styles = { ok: paint.good, warn: paint.warn, bad: paint.bad };
  return findingLines(findings, ({ outcome }) => styles[outcome](outcome.padEnd(4)));
}

async function tell(findings: readonly Finding[], json: boolean): Promise<void> {
  const time = new Date().toISOString();
  const lines = json
    ? findings.map((finding) => JSON.stringify({ time, ...finding }))
    : (await linesOf(findings)).map((line) => `${time.slice(0, 19)}Z  ${line}`);
  await print(lines.join("\n"));
}

function showProgress(came: readonly Passage[], waiting: readonly CanaryPart[], elapsedMs: number): void {
  const there = came.map(({ place: { part }, seconds }) => `${part} ${(seconds ?? 0).toFixed(2)} s`);
  const rest =
    waiting.length === 0 ? [] : [`waiting for ${waiting.join(", ")} (${Math.floor(elapsedMs / 1_000)} s)`];
  process.stderr.write(`\r\x1b[KCanary: ${[...there, ...rest].join(", ")}`);
}

function secondsIn(flag: string, text: string, least: number, most: number): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds >= least && seconds <= most) return seconds;
  throw new ConfigError(flag, `${flag} is ${JSON.stringify(text)}; allowed: ${least} to ${most} seconds`);
}
