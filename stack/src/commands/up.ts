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
const TRADES_MS = 60_000;
const POLL_MS = 250;

/** Installs, starts and watches the stack until a signal comes. @returns the exit code */
export async function up(
  { parts, ports, data, rate }: Arguments,
  { all, repository, cache, progress }: Context,
): Promise<number> {
  const began = performance.now();
  const stopped = new AbortController();
  let stack: Stack | undefined;
  let signalled: number | undefined;
  const onSignal = (): void => {
    const now = performance.now();
    if (signalled === undefined) {
      signalled = now;
      progress.line("Stopping. Again: kill everything at once.");
      stopped.abort(new Error("Stopped."));
    } else if (now - signalled > SAME_SIGNAL_MS) void stack?.stop(true);
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
  try {
    const installed = await install(parts, { cache, progress, signal });
    const installMs = performance.now() - began;
    progress.line(`Starting ${parts.map(({ name }) => name).join(", ")}; data in ${data}`);
    const simulator = rate === undefined ? [] : ["--rate", rate];
    stack = await startStack({ repository, data, all, parts, ports, progress, simulator, signal });
    if (parts.some(({ name }) => name === "simulator") && parts.some(({ name }) => name === "aggregator")) {
      await progress.during("Waiting for the first trades", firstTrades(stack.setting, signal));
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
    if (!signal.aborted) {
      progress.line(error instanceof Error ? error.message : String(error));
      return 1;
    }
  } finally {
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
  const file = setting.tokenFile.replace(join(repository, "/"), "");
  return [
    "",
    `The aggregator's token is in ${file}:`,
    "",
    `  export SLIPSTREAM_TOKEN="$(cat ${file})" SLIPSTREAM_ENDPOINT=${aggregatorUrl(setting)}`,
    "  npx slipstream top",
  ];
}

/** Resolves when a trade has come through the whole pipeline, or after a minute: what is wrong then is to be seen in the logs. */
async function firstTrades(setting: Setting, signal: AbortSignal): Promise<void> {
  const token = readFileSync(setting.tokenFile, "utf8").trim();
  const deadline = performance.now() + TRADES_MS;
  while (performance.now() < deadline && !signal.aborted) {
    if (await hasTrades(`${aggregatorUrl(setting)}/metrics`, token).catch(() => false)) return;
    await sleep(POLL_MS);
  }
}

async function hasTrades(url: string, token: string): Promise<boolean> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  return text.split("\n").some((line) => /^trades_total\S* [1-9]/.test(line));
}
