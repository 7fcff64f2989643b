import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Arguments } from "../arguments.ts";
import type { Context } from "../context.ts";
import { install } from "../install/install.ts";
import type { Part, Setting } from "../parts/part.ts";
import { aggregatorUrl } from "../parts/urls.ts";
import { duration } from "../progress.ts";
import { type Stack, startStack } from "../run/stack.ts";

/** A terminal's ctrl-C comes twice: from the terminal, and from npm. */
const SAME_SIGNAL_MS = 1_500;
const MINUTE_MS = 60_000;
const POLL_MS = 250;
const ANSWER_MS = 5_000;
const NO_TRADES =
  "No trade has come through within a minute. `npm run stack -- status` and `npm run stack -- logs` show why.";

/** Installs, starts and watches the stack until a signal comes. @returns the exit code */
export async function up(
  { parts, ports, data, rate }: Arguments,
  { all, repository, cache, progress }: Context,
): Promise<number> {
  const began = performance.now();
  const stopped = new AbortController();
  const killed = new AbortController();
  let stack: Stack | undefined;
  let signalled: number | undefined;
  const onSignal = (): void => {
    const now = performance.now();
    if (signalled === undefined) {
      signalled = now;
      progress.line("Stopping. Again: kill everything at once.");
      stopped.abort(new Error("Stopped."));
    } else if (now - signalled > SAME_SIGNAL_MS) killed.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  // A bug of the runner's must not leave its parts behind.
  let failed = false;
  process.on("uncaughtException", (error) => {
    failed = true;
    progress.line(error.stack ?? error.message);
    stopped.abort(error);
  });
  const { signal } = stopped;
  // Without a part that runs, nothing else would keep this program alive.
  const alive = setInterval(() => {}, MINUTE_MS);
  try {
    const installed = await install(parts, { cache, progress, signal });
    const installMs = performance.now() - began;
    progress.line(`Starting ${parts.map(({ name }) => name).join(", ")}; data in ${data}`);
    const simulator = rate === undefined ? [] : ["--rate", rate];
    const options = { repository, data, all, parts, ports, progress, simulator, signal, kill: killed.signal };
    stack = await startStack(options);
    if (parts.some(({ name }) => name === "simulator") && parts.some(({ name }) => name === "aggregator")) {
      const come = await progress.during("Waiting for trades", newTrades(stack.setting, signal));
      if (!come && !signal.aborted) progress.line(`\n${NO_TRADES}`);
    }
    const allMs = performance.now() - began;
    const times =
      installed.size === 0
        ? ""
        : `: ${duration(installMs)} to install, ${duration(allMs - installMs)} to start`;
    progress.line(`\nThe stack runs after ${duration(allMs)}${times}.\n`);
    for (const line of addressLines(all, stack.setting, repository)) progress.line(line);
    progress.line("\nCtrl-C ends it.");
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    progress.line(signal.aborted ? "Stopped before it ran. Nothing of it is left." : message);
    return 1;
  } finally {
    clearInterval(alive);
    await stack?.stop();
    if (stack !== undefined) progress.line("The stack has ended.");
  }
  return failed ? 1 : 0;
}

/** Where everything is, and what to call next. */
function addressLines(all: readonly Part[], setting: Setting, repository: string): readonly string[] {
  const addresses = all
    .filter(({ name }) => setting.parts.includes(name))
    .toReversed()
    .flatMap((part) => part.addresses(setting));
  const width = Math.max(0, ...addresses.map(({ url }) => url.length));
  return [
    ...addresses.map(({ url, what }) => `  ${url.padEnd(width)}  ${what}`),
    ...(setting.parts.includes("aggregator") ? tokenLines(setting, repository) : []),
  ];
}

function tokenLines(setting: Setting, repository: string): readonly string[] {
  const isHere = (process.env.INIT_CWD ?? process.cwd()) === repository;
  const file = isHere ? setting.tokenFile.replace(join(repository, "/"), "") : setting.tokenFile;
  return [
    "",
    `The aggregator's token is in ${file}:`,
    "",
    `  export SLIPSTREAM_TOKEN="$(cat ${quoted(file)})" SLIPSTREAM_ENDPOINT=${aggregatorUrl(setting)}`,
    "  npx slipstream top",
  ];
}

/** As a shell takes it for one word. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** Whether a trade more comes through the pipeline within a minute. The aggregator knows those of earlier runs. */
async function newTrades(setting: Setting, signal: AbortSignal): Promise<boolean> {
  const token = readFileSync(setting.tokenFile, "utf8").trim();
  const deadline = performance.now() + MINUTE_MS;
  let before: number | undefined;
  while (performance.now() < deadline && !signal.aborted) {
    const count = await trades(`${aggregatorUrl(setting)}/metrics`, token).catch(() => undefined);
    before ??= count;
    if (count !== undefined && before !== undefined && count > before) return true;
    await sleep(POLL_MS);
  }
  return false;
}

/** The trades that the aggregator has counted. @throws Error if it does not answer */
async function trades(url: string, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(ANSWER_MS) });
  if (!response.ok) throw new Error(`It answered ${response.status}.`);
  const lines = (await response.text()).split("\n").filter((line) => /^trades_total[{ ]/.test(line));
  return lines.reduce((sum, line) => sum + Number(/ (\d+)/.exec(line)?.[1] ?? 0), 0);
}
