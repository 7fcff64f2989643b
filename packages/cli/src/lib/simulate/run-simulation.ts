import { quantity, SlipstreamError } from "@slipstream/conventions";
import { type Simulation, type SimulationOptions, startSimulation } from "@slipstream/simulator";
import type { Logger } from "pino";
import { print } from "../cli/print.ts";
import { endedText, lostSpans, readyText } from "./simulation-text.ts";

export interface RunOptions {
  readonly simulation: SimulationOptions;
  /** Print JSON. */
  readonly json: boolean;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** Together with the last flush, less than the 10 s after which Docker kills a container. */
const STOP_DEADLINE_MS = 5_000;
const NEWS_MS = 60_000;

/** A simulated desk in this process, until its duration is over or the signal ends it. */
export async function runSimulation({
  simulation: options,
  json,
  signal,
  logger,
}: RunOptions): Promise<void> {
  const simulation = await startSimulation({
    ...options,
    // What is not there is not simulated: without databases, there are no metrics of any.
    hasStore: false,
    stopDeadlineMs: STOP_DEADLINE_MS,
    onError: (message) => logger.warn({}, message),
    onRecovery: (message) => logger.info({}, message),
  }).catch((error: unknown) => {
    throw namedByFlag(error);
  });
  const stop = (): void => void simulation.stop();
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const { run, receiver, nodeUrl: rpcUrl, jupiterUrl } = simulation;
  const ready = { service: options.serviceName ?? "trading-desk", run, receiver, rpcUrl, jupiterUrl };
  await print(json ? JSON.stringify({ type: "ready", ...ready }) : readyText(ready));
  const news = setInterval(() => tellNews(simulation, logger), NEWS_MS);
  const summary = await simulation.done;
  clearInterval(news);
  await print(json ? JSON.stringify({ type: "totals", ...summary }) : endedText(summary));
  const lost = lostSpans(summary);
  if (lost === 0) return;
  const why = summary.telemetry.lastError ?? "the receiver did not say why";
  throw new SlipstreamError("failed", `${quantity(lost, "span")} did not arrive: ${why}`);
}

function tellNews(simulation: Simulation, logger: Logger): void {
  const { trades, failed, breakerState, openPositions, telemetry } = simulation.summary();
  const { queuedSpans, droppedSpans } = telemetry;
  logger.info({ trades, failed, breakerState, openPositions, queuedSpans, droppedSpans }, "Trading");
}

/** Options that have another name as a flag than their own with hyphens. */
const flags: Readonly<Record<string, string>> = {
  serviceName: "--name",
  durationSeconds: "--duration",
  groundTruthFile: "--ground-truth",
};

/** The messages begin with the option. */
function namedByFlag(error: unknown): unknown {
  if (error instanceof SlipstreamError) {
    const { code, message, field } = error;
    if (field === undefined || !message.startsWith(field)) return error;
    const flag = flags[field] ?? `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return new SlipstreamError(code, `${flag}${message.slice(field.length)}`, { field, cause: error });
  }
  return new SlipstreamError("failed", error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}
